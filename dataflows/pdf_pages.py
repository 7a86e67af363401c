"""The text of a PDF's pages, read in this process."""

from io import BytesIO


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page, as it stands there, line by line; a scanned page gives an empty text.

    Raises:
        ValueError: The PDF needs a password, is damaged, has no page or no text.
    """
    # Imported here: whoever has the pages from elsewhere never waits for the library.
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    try:
        texts = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    except FileNotDecryptedError as error:
        raise ValueError("this PDF needs a password; unlock it first") from error
    except Exception as error:
        raise ValueError(f"this file of {len(pdf)} bytes is damaged or not a PDF") from error
    if not texts:
        raise ValueError("this PDF has 0 pages; at least 1 is needed")
    if not "".join(texts).strip():
        raise ValueError(f"this PDF has {len(texts)} pages and no text; run OCR first")
    return texts
