"""From a PDF to chunks of text; each function is a node. Needs no prompt and no model."""

from io import BytesIO

from dataflows.chunking import pages_of, split
from dataflows.mending import clean_page, mend


def page_texts(pdf_source: bytes) -> list[str]:
    """The text of each page of the PDF, as it stands there, line by line; a scanned page gives an empty text.

    Reads in this process, with pypdf; a service gives this node its value from a reader that can be stopped.

    Raises:
        ValueError: The PDF needs a password, is damaged, has no page or no text.
    """
    # Imported here: whoever gives this node its value never waits for the library.
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    try:
        texts = [page.extract_text() for page in PdfReader(BytesIO(pdf_source)).pages]
    except FileNotDecryptedError as error:
        raise ValueError("this PDF needs a password; unlock it first") from error
    except Exception as error:
        raise ValueError(f"this file of {len(pdf_source)} bytes is damaged or not a PDF") from error
    if not texts:
        raise ValueError("this PDF has 0 pages; at least 1 is needed")
    if not "".join(texts).strip():
        raise ValueError(f"this PDF has {len(texts)} pages and no text; run OCR first")
    return texts


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
