"""Claims about the nodes that read and the mending it does."""

import os
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

os.environ["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"

from hamilton import driver

from dataflows import summarization
from dataflows.summarization import mended_text, page_texts, raw_text
from tests import pdfs

WRAPPED = """\
1 Introduction
The paper describes a frame-
work for dataflows that are built from plain Python functions, so that
every step has a name, a type and a docstring of its own. The state-of-
the-art tools do not.
Teams at a company used it, and they were happy about the well-known
result of it."""

JAPANESE = """\
　この文書は、プロンプトをコードとして扱い、プルリクエス
トで管理する方法を説明します。データフローは普通の関数で書
かれています。
　次の段落はここから始まります。"""


def test_a_bare_driver_reads_a_pdf_into_chunks_and_their_pages():
    """The module needs nothing but a PDF: Hamilton's driver gives chunks, and the pages each is from."""
    flow = driver.Builder().with_modules(summarization).build()
    pdf = pdfs.text_pdf(["The first page speaks of cats. " * 30, "The second page speaks of dogs. " * 30])

    found = flow.execute(["chunked_text", "chunk_pages"], inputs={"pdf_source": pdf, "max_chunk_tokens": 120})

    assert len(found["chunked_text"]) > 2
    assert found["chunk_pages"][0] == (1, 1)
    assert found["chunk_pages"][-1] == (2, 2)
    assert "dogs" in found["chunked_text"][-1]


def test_page_texts_can_be_given_in_place_of_a_pdf():
    """A service overrides the first node, and no PDF is asked for."""
    flow = driver.Builder().with_modules(summarization).build()

    found = flow.execute(["mended_text"], overrides={"page_texts": ["Two li-", "nes."]})

    assert found["mended_text"] == "Two li\fnes."


def test_every_node_says_what_its_value_is():
    """The app shows the docstring of each node."""
    flow = driver.Builder().with_modules(summarization).build()

    silent = [
        node.name
        for node in flow.list_available_variables()
        if not node.is_external_input and len(node.documentation or "") < 30
    ]

    assert silent == []


def test_a_pdf_locked_for_editing_only_is_read():
    """The empty password opens it without a word."""
    assert page_texts(pdfs.encrypted_pdf(["Open to readers."], ""))[0].strip() == "Open to readers."


@pytest.mark.parametrize(
    ("pdf", "words"),
    [
        (pdfs.encrypted_pdf(["secret"], "word"), "needs a password"),
        (pdfs.truncated_pdf(), "damaged or not a PDF"),
        (b"", "file of 0 bytes is damaged"),
        (pdfs.zero_page_pdf(), "0 pages; at least 1"),
        (pdfs.image_only_pdf(), "2 pages and no text"),
    ],
    ids=["encrypted", "truncated", "empty", "zero pages", "images"],
)
def test_a_pdf_without_text_is_refused_in_one_sentence(pdf, words):
    """Each kind has its own plain sentence."""
    with pytest.raises(ValueError, match=words):
        page_texts(pdf)


def test_raw_text_is_valid_and_has_one_form_feed_between_pages():
    """Line ends are LF; NUL, half surrogate pairs and form feeds inside a page are gone; whole pairs are one letter."""
    text = raw_text(["a\r\nb\rc\0", "d\fe\ud800", "Attribu\ufffe\r\ntion \ud83d\ude00"])

    assert text == "a\nb\nc\fd\ne\ufffd\fAttribution 😀"


def test_soft_line_breaks_and_hyphens_are_joined():
    """A paragraph is one line; its hyphens at line ends go, those of compounds stay; the heading stays a line."""
    heading, first, second = mended_text(WRAPPED).split("\n")

    assert heading == "1 Introduction"
    assert first.startswith(
        "The paper describes a framework for dataflows that are built from plain Python functions, so"
    )
    assert first.endswith("The state-of-the-art tools do not.")
    assert second == "Teams at a company used it, and they were happy about the well-known result of it."


def test_a_hyphen_stays_where_the_text_writes_the_word_with_it():
    """A word that stands elsewhere with its hyphen keeps it at a line's end."""
    text = WRAPPED + " All of it is a well-\nknown thing, and that was known to all the people of the same company."

    assert "a well-known thing" in mended_text(text)


def test_japanese_lines_are_joined_without_a_blank():
    """Kana and kanji of two lines stand side by side; a line indented by a wide blank begins a paragraph."""
    first, second = mended_text(JAPANESE).split("\n")

    assert "プルリクエストで管理する" in first
    assert "関数で書かれています。" in first
    assert second.startswith("　次の段落")


def test_lists_tables_headings_and_blank_lines_stay():
    """What is no running text keeps its lines."""
    kept = [
        "Results",
        "• the first item of a list",
        "• the second item of the list, which is a little longer",
        "1. a numbered item, as long as the width of the usual line is",
        "2) another numbered item, as long as the usual line is, too",
        "speed    12    13    14    a table of four columns, as wide",
        "12.5 13.5 14.5 15.5 16.5 17.5 18.5 19.5 20.5 21.5 22.5 23.5",
        "Conclusions",
    ]

    assert mended_text("\n".join(kept)) == "\n".join(kept)
    assert mended_text("One.\n\n \n\nTwo.") == "One.\n\nTwo."


def test_a_word_hyphenated_across_a_page_break_is_joined():
    """The form feed stands inside the word, and leaving it out gives the word."""
    text = mended_text("It con-\n\ftinues on the next page.")

    assert text == "It con\ftinues on the next page."


def test_a_sentence_goes_on_across_a_page_break():
    """Form feeds may be left out: a blank stands before one between two words, a line end between two paragraphs."""
    line = "This line is as wide as the others of the page are, and it goes"

    text = mended_text(f"{line}\n\n\fon here. {line}.\n\f3 A Heading")

    assert text == f"{line} \fon here. {line}.\n\f3 A Heading"


lines = st.one_of(
    st.text("ab cD-.,•\u3000日。\u2010 \t12", max_size=40),
    st.sampled_from(["\f", "con-", "tinues", "", "The line of a paragraph that is as wide as it gets", "1. Item"]),
)


@settings(max_examples=200, deadline=None)
@given(text=st.lists(lines, max_size=25).map("\n".join), breaks=st.sampled_from(["\n", "\f", "\n\f"]))
def test_mending_moves_blanks_and_hyphens_only(text, breaks):
    """Whatever the text: as many form feeds come out as go in, and all that is no blank or hyphen stays in order."""
    text = text.replace("\n\n", breaks)

    mended = mended_text(text)

    assert mended.count("\f") == text.count("\f")
    assert re.sub(r"[\s\-\u2010]", "", mended) == re.sub(r"[\s\-\u2010]", "", text)


@pytest.mark.parametrize(
    "text",
    [" " * 500_000, "a" * 500_000, "a-\n" * 100_000, "\f" * 300_000, "-" * 500_000, "a   b" * 100_000, "\n" * 500_000],
)
def test_mending_takes_time_by_length_only(text):
    """Half a megabyte made to slow the patterns down is mended in less than two seconds of CPU."""
    began = time.process_time()

    mended_text(text)

    assert time.process_time() - began < 2
