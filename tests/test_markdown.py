import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.hostile import any_text
from workbench.export.markdown import cell, fenced, inline, plain, quiet, visible

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKS = [
    "`",
    "``",
    "```",
    "\n```\n",
    "~~~~",
    "`" * 81,
    "`" * 300,
    "|",
    "\\|",
    "\\",
    "</details>",
    "<!--",
    "<img src=x onerror=alert(1)>",
    "![x](http://e)",
    "[a](javascript:1)",
    "[a]: http://e",
    "<http://e>",
    "https://e.org/x?y",
    "www.e.org",
    "me@e.org",
    "@team",
    "@org/team",
    "&#64;team",
    "&lt;b&gt;",
    "#123",
    "org/repo#1",
    "GH-1",
    "!5",
    "%1",
    "~bug",
    "$x$",
    ":tada:",
    "*a*",
    "_a_",
    "~~a~~",
    "# a",
    "1. a",
    "- a",
    "---",
    "===",
    "> a",
    "\n/merge\n",
    "fixes #12",
    "Closes: issue GH-7",
]
texts = st.lists(st.one_of(st.sampled_from(MARKS), st.sampled_from(["a", " ", "\n"]), any_text(8)), max_size=8).map(
    "".join
)
LINKED = re.compile(
    r"@[A-Za-z0-9]|[#!$%~&][A-Za-z0-9]|\bgh-[0-9]|://|\bwww\.|:[a-z0-9_+-]+:|[\[\]<>`*_|\\^{}]", re.IGNORECASE
)
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)


def inlines(markdown):
    """The tokens inside of the only paragraph."""
    tokens = MARKDOWN.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return tokens[1].children


def spelled(text):
    return visible(text).replace("\n", "\\u000a").replace("\t", "\\u0009")


def cells(markdown):
    tokens = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n| {markdown} | last |\n")
    assert [token.type for token in tokens].count("tr_open") == 2
    assert tokens[0].type == "table_open" and tokens[-1].type == "table_close"
    return [token.children for token in tokens if token.type == "inline"][2:]


@given(texts)
@example("`" * 90)
@example("1. a")
@example("- ")
def test_prose_is_a_paragraph_of_words_and_code(text):
    """Whatever a text holds, quiet gives plain words and code spans in one paragraph, and no word that would link."""
    shown = quiet(text, 10_000)

    if text.strip():
        tokens = inlines(shown)
        assert {token.type for token in tokens} <= {"text", "code_inline"}
        assert not LINKED.search("\x00".join(token.content for token in tokens if token.type == "text"))
        assert "".join(token.content for token in tokens) == visible(" ".join(text.split()))
    else:
        assert shown == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Keep each point's reasoning, as papers need it (3.5 times).", None),
        ("R & D - 50% of 3,000 and/or more...", None),
        ("要約してください。 äöü 😀", None),
        ("see #12 and @org/team: now", "see `#12` and `@org/team:` now"),
        ("name the_node and gpt-4", "name `the_node` and `gpt-4`"),
        ("a\n\n# b", "a `#` b"),
        ("2. first", "`2.` first"),
        ("in 2. first", None),
        ("![x y](http://e) z", "`![x y](http://e)` z"),
        ("a\u202eb", "`a\\u202eb`"),
    ],
)
def test_ordinary_prose_stays_as_it_is(text, shown):
    """Only words that could take effect are set as code, next to each other in one span."""
    assert quiet(text) == (text if shown is None else shown)


@given(texts)
@example("`" * 80 + " " + "`" * 300)
@example("   ")
def test_a_code_span_holds_its_text(text):
    """inline gives one code span with the text, what can't be seen spelled out, whatever it holds."""
    shown = inline(text, 10_000)

    if text.strip(" "):
        (span,) = inlines(shown)
        assert (span.type, span.content) == ("code_inline", spelled(text))
        assert len(span.markup) <= 80
    else:
        assert shown in ("(empty)", f"`{text}`".replace(" ", "\\u0020"))


@given(texts)
@example("a|b")
@example("a\\|b")
@example("\\")
def test_a_cell_stays_one_cell(text):
    """A table keeps its columns, and the cell shows the text's words as they are."""
    first, last = cells(cell(text, 10_000))

    assert {token.type for token in first} <= {"text", "code_inline"}
    assert "".join(token.content for token in first) == (visible(" ".join(text.split())) or "–")
    assert [token.content for token in last] == ["last"]


@given(texts)
@example("`" * 300)
@example("a\n" + "`" * 255 + "\nb")
def test_a_fence_holds_its_text(text):
    """Nothing in a fenced text ends the block; it holds every line, exactly or with what takes effect spelled out."""
    tokens = MARKDOWN.parse(f"{fenced(text, 'text')}\n\nafter")

    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert len(tokens[0].markup) < 255
    content = re.sub(r"\\u002f", "/", tokens[0].content)
    content = content.replace("\\u0060", "`").replace("\\u0020", " ")
    plainly = visible(text).replace("\\u002f", "/").replace("\\u0060", "`").replace("\\u0020", " ")
    assert content == plainly + ("" if not plainly or plainly.endswith("\n") else "\n")
    assert not HIDDEN.search(tokens[0].content)


@given(st.text("ab {}()[]<>|*_#@:,.\n\u3000要é😀", max_size=60))
def test_a_fence_shows_ordinary_text_exactly(text):
    """What can be seen and does nothing is not changed by a single character."""
    (token,) = MARKDOWN.parse(fenced(text, "diff"))

    assert (token.info, token.content) == ("diff", text + ("" if not text or text.endswith("\n") else "\n"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/merge", "\\u002fmerge"),
        ("a\n/close\n", "a\n\\u002fclose\n"),
        ("a /merge and/or /1", "a /merge and/or /1"),
        ("Fixes #12", "Fixes\\u0020#12"),
        ("closes: GH-1", "closes:\\u0020GH-1"),
        ("resolved org/repo#4", "resolved\\u0020org/repo#4"),
        ("Closes issue https://e.org/1", "Closes\\u0020issue https://e.org/1"),
        ("fix the #12 and close it", "fix the #12 and close it"),
        ("`" * 61, "`" * 59 + "\\u0060`"),
        ("`" * 60, "`" * 60),
    ],
)
def test_a_fence_gives_no_orders(text, shown):
    """Quick actions, words that close an issue, and fences longer than cmark counts are broken where they are seen."""
    assert fenced(text, "text").strip("`").removeprefix("text\n").rstrip("\n`") == shown.rstrip("\n`")


@given(texts)
@example("@team fixes #12, GH-1, www.e.org :tada:")
def test_a_title_has_nothing_to_link(text):
    """A title is one line that neither mentions nor refers to anything, outside of code as it is."""
    shown = plain(text)

    assert "\n" not in shown and not HIDDEN.search(shown)
    assert not re.search(r"@\S|[#!$%~&]\S|[A-Za-z0-9_]-[0-9]|://|www\.|:[a-z+]+:|\]\(|<[a-z/!]", shown, re.IGNORECASE)


@pytest.mark.parametrize(
    "char", ["\u202e", "\x00", "\x1b", "\r", "\u200d", "\ufe0f", "\u3164", "\U000e0041", "\ud800", "\xa0"]
)
@pytest.mark.parametrize("show", [visible, quiet, inline, cell, plain, lambda text: fenced(text, "text")])
def test_what_cannot_be_seen_is_spelled_out(show, char):
    """A character without a look stands as its number in every form, and the result is UTF-8."""
    shown = show(f"a{char}b").encode("utf-8").decode("utf-8")

    blank_in_prose = char.isspace() and "\\" not in shown
    assert char not in shown
    assert f"u{ord(char):04x}" in shown.lower() or f"U{ord(char):08x}" in shown or blank_in_prose


@pytest.mark.parametrize(
    "fragment", ["`", "` `` ", " ", "(", "'", "a-", "a/", "1,", "a!", "fixes ", "fixes a", "w.", "\\|", "\u202e"]
)
def test_hostile_texts_take_no_time(fragment):
    """A long text of any fragment is marked up in a moment: no expression goes back over its text."""
    text = fragment * (200_000 // len(fragment))
    start = time.perf_counter()

    fenced(text, "text")
    for show in (quiet, inline, cell):
        show(text, 200_000)
    plain(text)

    assert time.perf_counter() - start < 10


@given(texts, st.integers(1, 30))
def test_long_texts_are_cut(text, limit):
    """A text over the limit ends in "…"; one within it doesn't change."""
    words = " ".join(text.split())
    spelled_out = visible(words)
    shown = "".join(token.content for token in inlines(quiet(text, limit))) if words else ""

    assert shown == (spelled_out if len(spelled_out) <= limit else spelled_out[: limit - 1] + "…")
