"""A model's answer as HTML: Markdown without raw HTML, images and links, which stay as they were typed.

An answer may hold what a PDF's author wrote for the model to repeat. An image would be fetched as soon as it is shown,
and its address can carry what the model knows; a link needs only one click more.
"""

import re
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt

MAX_CHARS = 100_000  # Markdown of 1 MB keeps a browser busy for 20 s
MAX_PARTIAL_CHARS = 20_000  # an answer being written is rendered several times a second, at 5 ms for 1,000 characters
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["image", "link", "autolink", "reference"])
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_MARK = re.compile(r"`+|\*\*")
_JSON = re.compile(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[{\[\"\]]|$))")


@lru_cache(maxsize=64)
def answer_html(markdown: str, partial: bool) -> str:
    """The answer as HTML, escaped; of an answer over MAX_CHARS, its beginning and a note.

    Args:
        markdown: What the model wrote, so far or in all.
        partial: The answer is still being written: bold text and code left open are closed, and over MAX_PARTIAL_CHARS
            it is plain text.
    """
    # An answer may hold lone surrogates, which can't be sent to the browser.
    shown = markdown[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
    cut = len(markdown) > MAX_CHARS
    if _JSON.match(shown):
        body = f'<pre class="wb-json"><code>{escape(shown)}</code></pre>'
    elif partial and len(shown) > MAX_PARTIAL_CHARS:
        body = f'<div class="wb-plain">{escape(shown)}</div>'
    else:
        body = str(_MARKDOWN.render(close_open(shown) if partial or cut else shown))
    note = ""
    if cut:
        sizes = f"The first {MAX_CHARS:,} of {len(markdown):,} characters are shown."
        note = f'<p class="wb-note">{sizes} Download the answer to read the rest.</p>'
    return f'<div class="wb-answer">{body}{note}</div>'


def close_open(markdown: str) -> str:
    """Unfinished Markdown with its fence, code or bold text closed, so that no marks flash by while it is written."""
    fence = ""
    begin = 0  # of the last paragraph
    end = 0
    for line in markdown.splitlines(keepends=True):
        end += len(line)
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                fence, begin = "", end
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        elif not line.strip():
            begin = end
    if fence:
        return f"{markdown.removesuffix(chr(10))}\n{fence}"
    return markdown[:begin] + _close_inline(markdown[begin:])


def _close_inline(paragraph: str) -> str:
    text = paragraph.rstrip()
    code = ""
    code_begin = 0
    bold = False
    for mark in _MARK.finditer(text):
        if mark.group() == "**":
            bold = bold != (not code)
        elif not code:
            code, code_begin = mark.group(), mark.end()
        elif mark.group() == code:
            code = ""
    if not code and not bold:
        return paragraph
    if code and code_begin == len(text):
        # Nothing is in it yet: closing it would show its marks.
        text, code = text[: -len(code)].rstrip(), ""
    if bold and not code and text.endswith("**"):
        return text[:-2]
    if bold and not code and text.endswith("*"):
        text = text[:-1]
    return text + code + ("**" if bold else "")
