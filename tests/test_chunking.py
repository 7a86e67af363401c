"""Claims about dataflows.chunking."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflows.chunking import pages_of, sentences, split
from dataflows.tokens import count_tokens

SENTENCE = "The dataflow reads the document, and each function of it is a node with a name. "
SATZ = "この文書は、プロンプトをコードとして扱う方法を説明します。"

awkward = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            [
                SENTENCE,
                SATZ,
                "\r\n",
                "\f",
                "e\u0301",
                "👨‍👩‍👧‍👦",
                "👍🏽",
                "\ud800",
                "。」",
                "...",
                " ",
                "\n\n",
                "x" * 90,
            ]
        ),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(text=awkward, max_tokens=st.integers(8, 120))
def test_chunks_joined_are_the_text_and_each_is_within_the_limit(text, max_tokens):
    """Whatever the text and the limit: nothing is lost, nothing is over the limit, no chunk is empty."""
    chunks = split(text, max_tokens)

    assert "".join(chunks) == text
    assert all(chunks)
    assert all(count_tokens(chunk) <= max_tokens for chunk in chunks)


def test_an_empty_text_has_no_chunks():
    """No text, no chunk."""
    assert split("", 8) == []


def test_a_text_within_the_limit_is_one_chunk():
    """What fits stays whole."""
    text = SENTENCE * 3

    assert split(text, 1500) == [text]


def test_a_limit_below_8_tokens_is_refused():
    """The message names the limit that was given and the least there is."""
    with pytest.raises(ValueError, match="max_tokens is 7; at least 8 are needed"):
        split("text", 7)


@pytest.mark.parametrize(("sentence", "end"), [(SENTENCE, ". "), (SATZ, "。"), ("「これは何？」", "？」")])
def test_chunks_end_after_a_sentence(sentence, end):
    """In English and in Japanese every chunk but the last ends where a sentence does, closing bracket included."""
    chunks = split(sentence * 400, 200)

    assert len(chunks) > 5
    assert all(chunk.endswith(end) for chunk in chunks)


def test_an_abbreviation_does_not_end_a_sentence():
    """A full stop before a small letter is inside the sentence."""
    found = sentences("Use a node, e.g. this one. Then go on.")

    assert found == ["Use a node, e.g. this one. ", "Then go on."]


def test_without_sentences_chunks_end_after_a_line():
    """A table has no sentences: its lines stay whole."""
    chunks = split("name 12 kg blue\n" * 500, 100)

    assert all(chunk.endswith("\n") for chunk in chunks)


def test_a_sentence_beyond_the_limit_is_cut_between_words():
    """Words stay whole where a sentence does not fit, and the chunks are well filled."""
    text = "word " * 1_000

    chunks = split(text, 50)

    assert {word for chunk in chunks for word in chunk.split()} == {"word"}
    assert len(chunks) < 25


def test_a_chunk_keeps_at_least_three_quarters_of_its_limit():
    """Going back to the end of a sentence costs a quarter of the chunk at most."""
    chunks = split((SENTENCE * 2 + "and then more words without an end " * 6) * 40, 100)

    assert all(count_tokens(chunk) >= 70 for chunk in chunks[:-1])


def test_crlf_and_what_belongs_together_is_not_parted():
    """No chunk begins with a combining mark, a joiner or the LF of a CRLF where a cut elsewhere is near."""
    accents = split("e\u0301" * 400, 40)
    hands = split("👍🏽" * 400, 40)

    assert not any(chunk.startswith("\u0301") for chunk in accents)
    assert not any(chunk.startswith("🏽") for chunk in hands)


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 12_500,
        SATZ * 13_000,
        "a" * 300_000,
        " " * 300_000,
        "." * 300_000,
        "\r\n" * 150_000,
        "👨‍👩‍👧‍👦" * 30_000,
    ],
    ids=["english", "japanese", "a", "blanks", "dots", "line ends", "families"],
)
def test_the_time_grows_with_the_length_only(text):
    """A million characters of English, and texts without any boundary, are cut in less than two seconds of CPU."""
    count_tokens("load the tables first")
    began = time.process_time()

    chunks = split(text, 1500)

    assert time.process_time() - began < 2
    assert "".join(chunks) == text


def test_pages_of_a_chunk_are_those_its_words_are_on():
    """A form feed at the start of a chunk is behind it, one at its end not yet reached."""
    pages = pages_of(["one", " two\f", "three\ffour ", "\n\ffive", "\f\f", "seven"])

    assert pages == [(1, 1), (1, 1), (2, 3), (4, 4), (4, 4), (6, 6)]


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.text("ab. \n", min_size=1, max_size=200), min_size=1, max_size=8))
def test_pages_of_all_chunks_are_in_order(texts):
    """Pages never go backwards and never pass the last page."""
    pages = pages_of(split("\f".join(texts), 8))

    flat = [page for pair in pages for page in pair]
    assert flat == sorted(flat)
    assert all(1 <= page <= len(texts) for page in flat)


def test_sentences_longer_than_a_quarter_of_the_limit_end_chunks_too():
    """A chunk of long sentences ends at a sentence, although each was cut into words."""
    sentence = "The " + "very " * 24 + "long sentence ends here. "

    chunks = split(sentence * 20, 120)

    assert all(chunk.endswith("ends here. ") for chunk in chunks)
