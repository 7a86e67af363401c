"""Answer a question about a document from its most relevant passages, with the pages cited and checked.

Two prompts in one chain: one answers, the other holds the answer against the passages it cites. Citations and figures
are checked without a model, and what is not borne out is said below the answer.
"""

from hamilton.function_modifiers import tag

from dataflows.chunking import pages_of
from dataflows.citations import citations_in, said, unsupported
from dataflows.model import Model
from dataflows.passages import split_pages
from dataflows.relevance import most_relevant
from dataflows.templates import Slot, fill

SLOTS = {
    "answer_question_prompt": {
        "question": Slot("the user's question", required=True),
        "passages": Slot("the relevant passages, each under its page, as in [p. 3]", required=True),
    },
    "check_answer_prompt": {
        "question": Slot("the user's question"),
        "answer": Slot("the answer with its citations", required=True),
        "passages": Slot("the passages of the pages it cites; all that were given when it cites none", required=True),
    },
}


_PAGE_BREAK = "\f"

QUESTION = "What is not allowed, and who may make an exception?"


def passages(mended_text: str, max_passage_tokens: int = 250) -> list[str]:
    """The text in passages of at most max_passage_tokens tokens, each on one page; joined, they are the text."""
    return split_pages(mended_text, max_passage_tokens)


def passage_pages(passages: list[str]) -> list[int]:
    """The page of each passage, from 1."""
    return [first for first, _ in pages_of(passages)]


def relevant_positions(passages: list[str], question: str = QUESTION, max_passages: int = 6) -> list[int]:
    """Which passages have most to do with the question, by BM25: at most max_passages, in the order of the document."""
    return most_relevant(question, passages, max_passages)


def relevant_passages(relevant_positions: list[int], passages: list[str], passage_pages: list[int]) -> list[str]:
    """What the model reads: the passages chosen, each under its page."""
    return [
        f"[p. {passage_pages[own]}]\n{passages[own].replace(_PAGE_BREAK, '').strip()}" for own in relevant_positions
    ]


def given_pages(relevant_positions: list[int], passages: list[str], passage_pages: list[int]) -> dict[int, str]:
    """Page -> what the model reads of it."""
    texts: dict[int, list[str]] = {}
    for position in relevant_positions:
        texts.setdefault(passage_pages[position], []).append(passages[position])
    return {page: "\n".join(own) for page, own in texts.items()}


def answer_request(relevant_passages: list[str], answer_question_prompt: str, question: str = QUESTION) -> str:
    """The first prompt as the model gets it, with the question and the passages in it."""
    values = {"question": question, "passages": "\n\n".join(relevant_passages)}
    return fill(answer_question_prompt, values, required=["question", "passages"])


def drafted_answer(answer_request: str, model: Model, max_answer_tokens: int | None = None) -> str:
    """What the passages say to the question, with the pages cited as the model cites them."""
    return model.complete([answer_request], max_tokens=max_answer_tokens)[0]


def cited_pages(drafted_answer: str, given_pages: dict[int, str]) -> list[int]:
    """The pages that the answer cites and that were given, in the order of the document."""
    cited = {page for citation in citations_in(drafted_answer) for page in citation.pages}
    return sorted(cited & given_pages.keys())


def unsupported_claims(drafted_answer: str, given_pages: dict[int, str], mended_text: str) -> list[str]:
    """What the citations don't bear out, as sentences: pages that were not given, figures that don't stand there."""
    return unsupported(drafted_answer, given_pages, mended_text.count(_PAGE_BREAK) + 1)


def cited_passages(
    cited_pages: list[int], relevant_passages: list[str], relevant_positions: list[int], passage_pages: list[int]
) -> list[str]:
    """What the answer is held against: the passages of the pages it cites; all that were given when it cites none."""
    pages = [passage_pages[position] for position in relevant_positions]
    return [own for own, page in zip(relevant_passages, pages, strict=True) if page in cited_pages or not cited_pages]


def check_request(
    drafted_answer: str, cited_passages: list[str], check_answer_prompt: str, question: str = QUESTION
) -> str:
    """The second prompt as the model gets it, with the answer and what it cites in it."""
    values = {"question": question, "answer": drafted_answer.strip(), "passages": "\n\n".join(cited_passages)}
    return fill(check_answer_prompt, values, required=["answer", "passages"])


def answer_check(check_request: str, model: Model, max_check_tokens: int | None = None) -> str:
    """Whether the passages bear the answer out, as the model sees it."""
    return model.complete([check_request], max_tokens=max_check_tokens)[0]


@tag(role="output")
def cited_answer(drafted_answer: str, cited_pages: list[int], unsupported_claims: list[str], answer_check: str) -> str:
    """The answer, and below it the pages it cites, what they don't bear out, and the model's own check."""
    lines = [f"Pages cited: {said(cited_pages)}."]
    lines += [f"Not supported: {claim}." for claim in unsupported_claims]
    lines.append(f"Check: {answer_check.strip() or 'no answer'}")
    return f"{drafted_answer.strip() or 'No answer.'}\n\n" + "\n".join(lines)
