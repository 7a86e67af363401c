"""The text of a PDF as nodes: what dataflows that read a document have in common."""

from dataflows.mending import clean_page, mend
from dataflows.pdf_pages import read_pages


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
