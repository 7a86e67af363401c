"""Which assertion types are checked here, and why each other one is refused.

Source of the names: promptfoo, src/types/index.ts, BaseAssertionTypesSchema and SpecialAssertionTypesSchema.
"""

SET = "assert-set"

SUPPORTED = (
    "equals",
    "contains",
    "icontains",
    "contains-any",
    "contains-all",
    "icontains-any",
    "icontains-all",
    "starts-with",
    "regex",
    "is-json",
    "contains-json",
    "levenshtein",
    "word-count",
    "latency",
    "cost",
    "finish-reason",
    "is-refusal",
    "rouge-n",
)
COMPARED = "select-best"
"""Answered for all variants of a case together."""
JUDGED = ("llm-rubric", COMPARED)
"""Answered by a judge model."""
EMBEDDED = ("similar", "similar:cosine", "similar:dot", "similar:euclidean")
"""Answered by the vectors of an embedding model."""
ASKED = (*JUDGED, *EMBEDDED)
"""Answered by a model: only in an evaluation, so never in the gate."""
WITH_THRESHOLD = ("levenshtein", "rouge-n", "latency", "cost", "llm-rubric", *EMBEDDED, SET)
NEEDS_THRESHOLD = ("latency", "cost")

_CODE = "runs code out of the test file, and the gate runs none"
_JUDGE = "needs a judge model, and the gate makes no call"
_EMBEDDING = "needs an embedding model, and the gate makes no call"
_NETWORK = "sends the output over the network, and the gate makes no call"
_SERVICE = "needs a model or a service of its own, and the gate makes no call"
_ELSEWHERE = "is promptfoo's, but not supported here"
_TRACE = "needs a trace of tool calls, which a dataflow doesn't have"

_OUTSIDE_THE_GATE = {
    _CODE: "runs code out of the test file, and none is ever run",
    _JUDGE: "needs a judge in a way of its own; of these llm-rubric and select-best are supported here",
    _NETWORK: "sends the output over the network, and outputs stay here",
    _SERVICE: "needs a model or a service of its own, which isn't supported here",
}

_REASONS = {
    _CODE: "javascript python ruby",
    _JUDGE: (
        "llm-rubric select-best model-graded-closedqa model-graded-factuality factuality g-eval answer-relevance "
        "agent-rubric search-rubric context-faithfulness context-recall context-relevance conversation-relevance "
        "trajectory:goal-success"
    ),
    _EMBEDDING: "similar similar:cosine similar:dot similar:euclidean",
    _NETWORK: "webhook",
    _SERVICE: "classifier moderation pi guardrails",
    _TRACE: (
        "skill-used tool-call-f1 trace-error-spans trace-span-count trace-span-duration trajectory:step-count "
        "trajectory:tool-args-match trajectory:tool-sequence trajectory:tool-used"
    ),
    _ELSEWHERE: (
        "bleu contains-html contains-sql contains-xml gleu human is-html is-sql is-valid-function-call "
        "is-valid-openai-function-call is-valid-openai-tools-call is-xml max-score meteor perplexity perplexity-score"
    ),
}
REFUSED = {name: reason for reason, names in _REASONS.items() for name in names.split()}


def known_types(*, judged: bool) -> tuple[str, ...]:
    """The types that are checked, without "not-".

    Args:
        judged: Whether models can be asked.
    """
    return (*SUPPORTED, *(ASKED if judged else ()), SET)


def why_refused(base: str, *, negated: bool, judged: bool = False) -> str:
    """A sentence's end that says why the type isn't checked here; empty when it is.

    Args:
        base: The type without "not-".
        negated: Whether "not-" stood before it.
        judged: Whether models can be asked.
    """
    name = f"not-{base}" if negated else base
    if base == SET:
        return "not-assert-set does not exist in promptfoo" if negated else ""
    if base == COMPARED and negated and judged:
        return "not-select-best does not exist in promptfoo"
    if base in SUPPORTED or (judged and base in ASKED):
        return ""
    if base in REFUSED:
        reason = REFUSED[base]
        return f"{name} {_OUTSIDE_THE_GATE.get(reason, reason) if judged else reason}"
    if base.startswith("promptfoo:redteam:"):
        return f"{base[:60]} {_JUDGE}"
    return f"promptfoo has no assertion type {name[:60]!a}"
