"""Untrusted texts inside Markdown for GitHub and GitLab: they are read as they are, and nothing they hold takes effect.

Sources: CommonMark 0.31.2; GitHub Flavored Markdown 0.29; and, for what the two sites do beyond them, cmark-gfm (how
long a fence or a code span's quotes may be) and gitlabhq (quick actions, words that close an issue).
"""

import re
from itertools import count, groupby

_SUSPECT = re.compile("[^\n\t -~]")
# Printable for Python, yet nothing is seen of them: Unicode's Default_Ignorable_Code_Point, and the empty Braille cell.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

# Words that no rule of either site can read as anything but words. A hyphen before a figure is none: GH-1 is an issue.
_LETTER = r"[A-Za-z0-9\u0080-\U0010ffff]"
_INERT = re.compile(
    rf"""["'(]*{_LETTER}+(?:['/-](?![0-9]){_LETTER}+|(?<=[0-9])[.,](?=[0-9]){_LETTER}+)*[.,;:!?)"'%]*|[-&+=]"""
)
# At the beginning of a line these make a list, or underline a heading.
_BEGINS_BLOCK = re.compile(r"[0-9]+[.)]|[-+=]")

_BACKTICKS = re.compile("`+")
# cmark counts a fence's back-ticks up to 255 only; what is longer would be closed by a run of 255.
_LONGEST_RUN = 60
_LONG_RUN = re.compile(f"`{{{_LONGEST_RUN}}}(?=`)")
# GitLab carries out "/merge" at the beginning of a line; older ones are misled by back-ticks inside of a fence.
_QUICK_ACTION = re.compile("^/(?=[A-Za-z])", re.MULTILINE)
# Both sites close "#12" by "fixes #12": GitLab inside of a fence too, GitHub where a merge makes the text its message.
_CLOSING = re.compile(
    r"\b(clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)(:?)[ \t]"
    r"(?=[ \t]{0,9}(?:issues?[ \t]{1,9})?(?:[\w./-]{0,100}\#[0-9]|https?://|[A-Z][A-Z0-9_]{0,30}-[0-9]))",
    re.IGNORECASE,
)

# What starts a link, a mention or a reference in a title, with what it refers to right behind it.
_TITLE_MARK = re.compile(r"[!#$%&*:<>@\[\\\]^`|~](?=\S)|(?<=www)\.", re.IGNORECASE)
_TITLE_HYPHEN = re.compile("(?<=[A-Za-z0-9_])-(?=[0-9])")


def visible(text: str) -> str:
    r"""The text with everything that can't be seen spelled out, as \u202e: controls, marks that turn the direction or
    have no width, blanks other than the usual ones, lone surrogates. Newlines and tabs stay; the result is valid UTF-8.
    """
    return _SUSPECT.sub(_spelled_out, text)


def quiet(text: str, limit: int = 500) -> str:
    """The text as prose on one line, which may begin a line of Markdown; empty for a text of white space.

    Words of letters, figures and common punctuation stand as they are; any other goes into a code span, where neither
    site looks for @mentions, #references, links, HTML, emphasis, images, math or emoji. Escaping would not do: they
    look for mentions in the finished page, where a backslash or an entity is gone.

    Args:
        limit: Characters as they are shown, at least 1; a longer text is cut and ends in "…".
    """
    words = _cut(" ".join(text.split()), limit).split()
    groups = groupby(enumerate(words), key=lambda pair: _is_inert(*pair))
    return " ".join(_joined([word for _, word in group], inert) for inert, group in groups)


def plain(text: str) -> str:
    """The text on one line with no mark-up, for a title, which a merge makes the message of a commit.

    There are no code spans to hide in, so "@team" and "#12" get wide marks, "＠team" and "＃12", and GH-1 a hyphen that
    looks the same; the sites know neither.
    """
    shown = visible(" ".join(text.split()))
    return _TITLE_HYPHEN.sub("\u2011", _TITLE_MARK.sub(lambda found: chr(ord(found[0]) + 0xFEE0), shown))


def inline(text: str, limit: int = 200) -> str:
    """The text as a code span: a name or a value, shown exactly, newlines and tabs spelled out too.

    Its quotes are a run of back-ticks of a length that the text has none of, so nothing in it ends the span.

    Args:
        limit: Characters as they are shown, at least 1; a longer text is cut and ends in "…".
    """
    shown = _cut(text, limit).replace("\n", "\\u000a").replace("\t", "\\u0009")
    if not shown.strip(" "):
        return _span(shown.replace(" ", "\\u0020")) if shown else "(empty)"
    return _span(shown)


def cell(text: str, limit: int = 200) -> str:
    r"""The text as a table's cell: as in quiet, and each | escaped, which GitHub's tables undo inside of code too.

    "–" stands for a text of white space, so that no cell is empty.
    """
    return quiet(text, limit).replace("|", "\\|") or "–"


def fenced(text: str, language: str) -> str:
    r"""The text as a block of code, without the newline after its last fence.

    The fence is longer than any run of back-ticks in the text, so nothing in it ends the block. Shown escaped are what
    visible spells out; every 60th of more back-ticks in a row, since cmark measures fences up to 255 only; a slash that
    begins a line, which GitLab may read as a quick action; and the blank in "fixes #12", which may close an issue.
    A text without a last newline gets one.

    Args:
        language: Of ours, such as "diff"; letters only.
    """
    shown = _LONG_RUN.sub("`" * (_LONGEST_RUN - 1) + "\\\\u0060", visible(text))
    shown = _QUICK_ACTION.sub(r"\\u002f", shown)
    shown = _CLOSING.sub(_closing_broken, shown)
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(shown)), default=0))
    newline = "\n" if shown and not shown.endswith("\n") else ""
    return f"{fence}{language}\n{shown}{newline}{fence}"


def _is_inert(at: int, word: str) -> bool:
    return bool(_INERT.fullmatch(word)) and not (at == 0 and _BEGINS_BLOCK.fullmatch(word))


def _joined(words: list[str], inert: bool) -> str:
    text = " ".join(words)
    return text if inert else _span(text)


def _span(text: str) -> str:
    """A code span; text is not empty and on one line."""
    taken = {len(run) for run in _BACKTICKS.findall(text)}
    # The shortest free one, since cmark gives up on more than 80 back-ticks.
    quotes = "`" * next(length for length in count(1) if length not in taken)
    blank = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{quotes}{blank}{text}{blank}{quotes}"


def _cut(text: str, limit: int) -> str:
    """What is visible of the text, which may be much longer than the text."""
    shown = visible(text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _spelled_out(found: re.Match[str]) -> str:
    char = found[0]
    if (char.isprintable() and not _UNSEEN.match(char)) or char == "\u3000":
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _closing_broken(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}\\u{ord(found[0][-1]):04x}"
