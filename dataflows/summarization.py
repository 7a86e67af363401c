"""Summarize a long document: each chunk first, then the summaries together.

Two prompts in one chain, so a change of either is judged on what comes out of the whole.
"""

from hamilton.function_modifiers import config, tag

from dataflows.chunking import pages_of, split
from dataflows.mending import clean_page, mend
from dataflows.model import Model
from dataflows.pdf_pages import read_pages
from dataflows.telling import telling_sentences
from dataflows.templates import Slot, fill, slots

SLOTS = {
    "summarize_chunk_of_text_prompt": {
        "chunk": Slot("one chunk of the document; without this slot it is added at the end"),
    },
    "summarize_text_from_summaries_prompt": {
        "query": Slot("the user's question"),
        "results": Slot("the chunk summaries, one a line", required=True),
    },
}


def page_texts(pdf_source: bytes) -> list[str]:
    """The text of each page of the PDF, line by line; a scanned page gives an empty text.

    Reads in this process; a service gives this node its value from a reader that can be stopped.
    """
    return read_pages(pdf_source)


def raw_text(page_texts: list[str]) -> str:
    """The pages as one text, a form feed between two; line ends are LF, and nothing in it is invalid Unicode."""
    return "\f".join(map(clean_page, page_texts))


def mended_text(raw_text: str) -> str:
    """The text in whole paragraphs: lines and hyphenated words joined, also across pages; form feeds stay."""
    return mend(raw_text)


def chunked_text(mended_text: str, max_chunk_tokens: int = 1500) -> list[str]:
    """The text in chunks of at most max_chunk_tokens tokens that end after a sentence; joined, they are the text."""
    return split(mended_text, max_chunk_tokens)


def chunk_pages(chunked_text: list[str]) -> list[tuple[int, int]]:
    """First and last page of each chunk, from 1."""
    return pages_of(chunked_text)


@config.when_not(chunk_detail="telling_sentences")
def chunk_content__whole(chunked_text: list[str]) -> list[str]:
    """What the model reads of each chunk: all of it."""
    return [_without_page_breaks(chunk) for chunk in chunked_text]


@config.when(chunk_detail="telling_sentences")
def chunk_content__telling_sentences(chunked_text: list[str], max_telling_tokens: int = 320) -> list[str]:
    """What the model reads of each chunk: the sentences that tell most, at most max_telling_tokens tokens.

    For small models, which lose the thread in a whole chunk.
    """
    return [telling_sentences(_without_page_breaks(chunk), max_telling_tokens) for chunk in chunked_text]


def summarized_chunks(
    chunk_content: list[str],
    summarize_chunk_of_text_prompt: str,
    model: Model,
    max_summary_tokens: int | None = None,
) -> list[str]:
    """One summary per chunk, in the same order."""
    template = summarize_chunk_of_text_prompt
    if "chunk" in slots(template):
        prompts = [fill(template, {"chunk": chunk}) for chunk in chunk_content]
    else:
        instruction = fill(template, {})
        prompts = [instruction + chunk for chunk in chunk_content]
    return model.complete(prompts, max_tokens=max_summary_tokens)


def prompt_and_text_content(
    summarized_chunks: list[str],
    summarize_text_from_summaries_prompt: str,
    query: str = "What is the core argument, and what supports it?",
) -> str:
    """The last prompt as the model gets it, with the question and the chunk summaries in it."""
    values = {"query": query, "results": "\n".join(summarized_chunks)}
    return fill(summarize_text_from_summaries_prompt, values, required=["results"])


@tag(role="output")
def summarized_text(prompt_and_text_content: str, model: Model, max_answer_tokens: int | None = None) -> str:
    """What the summaries say about the question."""
    return model.complete([prompt_and_text_content], max_tokens=max_answer_tokens)[0]


def _without_page_breaks(chunk: str) -> str:
    return chunk.replace("\f", "")
