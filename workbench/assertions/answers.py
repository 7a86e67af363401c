"""One answer per assertion type: does it hold for this output, and what is there to say about it?"""

from collections.abc import Callable
from math import isinf

from workbench.assertions.findings import Finding, Question, unknown
from workbench.assertions.json_checks import contains_json, equals_json, is_json
from workbench.assertions.pattern_search import matches
from workbench.assertions.refusals import is_refusal
from workbench.assertions.similarity import count_edits, rouge_1
from workbench.assertions.texts import count_words, show, text_of
from workbench.assertions.values import texts_in, word_range

_DEFAULT_EDITS = 5.0
_DEFAULT_ROUGE = 0.75


def _equals(question: Question) -> Finding:
    if not isinstance(question.value, (str, int, float)):
        return equals_json(question)
    wanted = text_of(question.value)
    holds = question.output == wanted
    return Finding(holds, f"the output is {show(question.output)}{'' if holds else f', not {show(wanted)}'}")


def _contains(question: Question) -> Finding:
    text = text_of(question.value)
    holds = bool(_found(question, [text]))
    return Finding(holds, f"the output {'has' if holds else 'does not have'} {show(text)}")


def _contains_any(question: Question) -> Finding:
    texts = texts_in(question.value)
    found = _found(question, texts)
    if found:
        return Finding(True, f"the output has {show(found[0])}")
    return Finding(False, f"the output has none of {_list(texts)}")


def _contains_all(question: Question) -> Finding:
    texts = texts_in(question.value)
    found = _found(question, texts)
    missing = [text for text in texts if text not in found]
    if missing:
        return Finding(False, f"the output does not have {_list(missing)}")
    return Finding(True, f"the output has {_list(texts)}")


def _starts_with(question: Question) -> Finding:
    holds = question.output.startswith(question.value)
    return Finding(holds, f"the output begins with {show(question.value if holds else question.output)}")


def _levenshtein(question: Question) -> Finding:
    limit = _DEFAULT_EDITS if question.threshold is None else question.threshold
    try:
        edits = count_edits(question.output, question.value, int(limit))
    except ValueError as error:
        return unknown(str(error))
    count = f"more than {int(limit)}" if edits is None else str(edits)
    said = f"the output is {count} edits from {show(question.value)}; the limit is {text_of(limit)}"
    return Finding(edits is not None, said)


def _rouge(question: Question) -> Finding:
    limit = _DEFAULT_ROUGE if question.threshold is None else question.threshold
    score = rouge_1(question.output, question.value)
    return Finding(score >= limit, f"ROUGE-1 (F1) is {score:.2f}; the limit is {text_of(limit)}", score)


def _word_count(question: Question) -> Finding:
    least, most = word_range(question.value)
    count = count_words(question.output)
    asked = text_of(least) if least == most else f"{text_of(least)} to {text_of(most)}"
    asked = f"at least {text_of(least)}" if isinf(most) else asked
    return Finding(least <= count <= most, f"the output has {count} words; {asked} are asked for")


def _latency(question: Question) -> Finding:
    if question.facts.seconds is None:
        return unknown("it is not known how long the run took")
    # Without rounding 0.57 s would be 569.9999999999999 ms.
    milliseconds = round(question.facts.seconds * 1000, 6)
    limit = question.threshold or 0.0
    return Finding(milliseconds <= limit, f"the run took {milliseconds:g} ms; the limit is {text_of(limit)} ms")


def _cost(question: Question) -> Finding:
    if question.facts.cost_usd is None:
        return unknown("it is not known what the run cost")
    limit = question.threshold or 0.0
    said = f"the run cost {question.facts.cost_usd:g} US dollars; the limit is {text_of(limit)}"
    return Finding(question.facts.cost_usd <= limit, said)


def _finish_reason(question: Question) -> Finding:
    reason = question.facts.finish_reason
    if not reason:
        return Finding(False, "the model gave no finish reason")
    holds = reason.lower() == question.value.lower()
    return Finding(holds, f"the finish reason is {show(reason)}{'' if holds else f', not {show(question.value)}'}")


def _refuses(question: Question) -> Finding:
    holds = is_refusal(question.output)
    return Finding(holds, f"the output {'reads' if holds else 'does not read'} like a refusal: {show(question.output)}")


def _found(question: Question, texts: list[str]) -> list[str]:
    """Those of the texts that the output has, in their order."""
    if question.kind.startswith("icontains"):
        output = question.output.lower()
        return [text for text in texts if text.lower() in output]
    return [text for text in texts if text in question.output]


def _list(texts: list[str]) -> str:
    return ", ".join(show(text) for text in texts[:10])


ANSWERS: dict[str, Callable[[Question], Finding]] = {
    "equals": _equals,
    "contains": _contains,
    "icontains": _contains,
    "contains-any": _contains_any,
    "contains-all": _contains_all,
    "icontains-any": _contains_any,
    "icontains-all": _contains_all,
    "starts-with": _starts_with,
    "regex": matches,
    "is-json": is_json,
    "contains-json": contains_json,
    "levenshtein": _levenshtein,
    "word-count": _word_count,
    "latency": _latency,
    "cost": _cost,
    "finish-reason": _finish_reason,
    "is-refusal": _refuses,
    "rouge-n": _rouge,
}
