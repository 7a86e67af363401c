"""Claims about counting chunks in the background."""

import time

from benchmarks.prose import text_of_chunks
from tests.conftest import CHUNK_TOKENS, document_of, until
from workbench.engine.chunk_count import ChunkCounts
from workbench.records import Document

INPUTS = {"max_chunk_tokens": CHUNK_TOKENS}


def test_a_count_is_the_number_of_chunks_a_run_reads():
    """It comes with the inputs it was asked for; another chunk size is another count."""
    counts = ChunkCounts()
    document = document_of(7)

    assert until(lambda: counts.find(document, "summarization", INPUTS) is not None)

    assert counts.find(document, "summarization", INPUTS) == 7
    assert until(lambda: counts.find(document, "summarization", {}) is not None)
    assert counts.find(document, "summarization", {}) == 1


def test_nobody_waits_for_the_count_of_a_long_document():
    """Of three million characters the count is not there at once, the asker goes on, and later it is there."""
    counts = ChunkCounts()
    text = text_of_chunks(20, 1500) * 25
    document = Document("a" * 64, "long.pdf", len(text), 1, (text,), "pypdf")
    began = time.monotonic()

    first = counts.find(document, "summarization", {})

    assert first is None
    assert time.monotonic() - began < 1
    assert until(lambda: counts.find(document, "summarization", {}) is not None, 30)
    assert counts.find(document, "summarization", {}) > 400


def test_inputs_that_the_dataflow_refuses_count_as_no_chunk():
    """A chunk size of 1 token gives 0, and no error: the run will say why."""
    counts = ChunkCounts()

    assert until(lambda: counts.find(document_of(1), "summarization", {"max_chunk_tokens": 1}) is not None)

    assert counts.find(document_of(1), "summarization", {"max_chunk_tokens": 1}) == 0
