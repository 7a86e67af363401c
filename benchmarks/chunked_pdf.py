"""A PDF that is read in exactly so many chunks."""

from io import BytesIO

from benchmarks.prose import pages_of, text_of_chunks
from benchmarks.yardstick import chunks_of
from tests.pdfs import text_pdf

_TRIES = 6


def chunked_pdf(chunks: int, max_chunk_tokens: int) -> bytes:
    """Prose in Helvetica; its lines and pages are cut elsewhere than its text's, so that a few are tried.

    Raises:
        RuntimeError: None of them had that many chunks.
    """
    wanted = chunks
    for _ in range(_TRIES):
        pdf = text_pdf(pages_of(text_of_chunks(wanted, max_chunk_tokens)))
        found = len(chunks_of(BytesIO(pdf), max_chunk_tokens))
        if found == chunks:
            return pdf
        wanted += chunks - found
    raise RuntimeError(f"no PDF of {chunks} chunks of {max_chunk_tokens} tokens was found, the last had {found}")
