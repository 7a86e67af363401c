"""Makes the lines of a PDF's pages whole paragraphs again."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_JAPANESE = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]")
_LIST_ITEM = re.compile(
    r"\s*+(?:[•‣◦▪●○■□◆◇★※・①-⑳]|[-–—*+]\s|[(（\[]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,5})[.)）\]](?:\s|$)"
    r"|\d{1,3}(?:\.\d{1,3})*\s+[A-Z]|第[\d一二三四五六七八九十百]+[章節条部])"
)
_COLUMNS = re.compile(r"\t|\S {3}")
_ENDS_A_SENTENCE = re.compile(r"[.!?:;…。！？：；][\"')\]”’»」』）】]*$")
_HYPHEN_AT_END = re.compile(r"(?:^|(?<=\s))[^\w\s]*([\w-]*\w)[-\u2010\u00ad]$")
_COMPOUND = re.compile(r"\b\w++(?:-\w++)+")

# Shares of the usual line: fuller lines were broken for want of room; one a word begins in lower case after may be
# shorter, since a picture or a long word can narrow it.
_FULL = 0.85
_HALF = 0.5


def clean_page(text: str) -> str:
    """The text of one page without what breaks files, prompts or page counts.

    Lines end in LF; NUL and U+FFFE (pdfium's mark for a hyphen at a line's end) are gone; a form feed is a line end; a
    lone surrogate is U+FFFD.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = text.replace("\ufffe\n", "").replace("\ufffe", "").replace("\0", "")
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def mend(text: str) -> str:
    """The text with soft line breaks and hyphens at line ends joined; paragraphs, headings, lists and tables stay.

    A form feed stands between two pages; as many come out as go in, and each may be left out without gluing words
    together: a paragraph that goes on has a blank before it where the script has blanks.
    """
    width = _usual_width(text)
    compounds = {word.lower() for word in _COMPOUND.findall(text)}
    parts: list[str] = []
    last = ""
    blank_lines = page_breaks = 0
    for number, page in enumerate(text.split("\f")):
        page_breaks += number > 0
        for line in map(str.rstrip, page.split("\n")):
            if not line:
                blank_lines += 1
                continue
            apart = page_breaks > 1 or (blank_lines > 0 and not page_breaks)
            if last and not apart and (hyphen := _hyphen(last, line, width, compounds)) is not None:
                parts[-1] = last[:-1] + hyphen
                parts.append("\f" * page_breaks)
                line = line.lstrip()
            elif last and not apart and _goes_on(last, line, width):
                line = line.lstrip()
                parts.append(_blank_between(last, line) + "\f" * page_breaks)
            else:
                parts.append(_break(last, blank_lines, page_breaks))
            parts.append(line)
            last = line
            blank_lines = page_breaks = 0
        # The blank lines around a page break are margins.
        blank_lines = 0
    return "".join(parts) + "\f" * page_breaks


def _break(last: str, blank_lines: int, page_breaks: int) -> str:
    if not last:
        return "\f" * page_breaks
    return ("\n" if page_breaks or not blank_lines else "\n\n") + "\f" * page_breaks


def _usual_width(text: str) -> float:
    """Cells of the line that the middle character of the text is in: captions and tables hardly count."""
    widths = sorted(_cells(line) for line in re.split("[\n\f]", text) if not line.isspace())
    half = sum(widths) / 2
    passed = 0
    for width in widths:
        passed += width
        if passed >= half:
            return width
    return 0


def _cells(line: str) -> int:
    """Width of a line, where a Japanese character is as wide as two Latin ones."""
    return len(line) if line.isascii() else len(line) + len(_JAPANESE.findall(line))


def _hyphen(last: str, line: str, width: float, compounds: set[str]) -> str | None:
    """What stands for the hyphen at the end of last when its word goes on in line; None when none does."""
    # A word in a PDF is short; looking at the end only keeps the time linear.
    cut = _HYPHEN_AT_END.search(last[-80:])
    start = line.lstrip()
    if not cut or not start[0].isalnum():
        return None
    if not start[0].islower():
        return "-" if _goes_on(last, line, width) else None
    if not cut[1][-1].isalpha():
        return "-"
    whole = re.match(r"\w*", start)
    compound = f"{cut[1]}-{whole[0] if whole else ''}".lower()
    return "-" if "-" in cut[1] or compound in compounds else ""


def _goes_on(last: str, line: str, width: float) -> bool:
    """Whether the paragraph of last goes on in line."""
    if _LIST_ITEM.match(line) or _is_table(last) or _is_table(line):
        return False
    if line.startswith("\u3000") and not last.startswith("\u3000"):
        return False
    start = line.lstrip()
    if start[0].islower() and not _ENDS_A_SENTENCE.search(last[-20:]):
        return _cells(last) >= _HALF * width
    first_word = 2 if _JAPANESE.match(start) else len(start.split(maxsplit=1)[0])
    if _cells(last) + 1 + first_word <= _FULL * width:
        return False
    return not (_ENDS_A_SENTENCE.search(last[-20:]) and _is_heading(start, width))


def _is_table(line: str) -> bool:
    marks = [character for character in line if not character.isspace()]
    return bool(_COLUMNS.search(line)) or sum(map(str.isalpha, marks)) < 0.4 * len(marks)


def _is_heading(line: str, width: float) -> bool:
    return _cells(line) < 0.6 * width and not _ENDS_A_SENTENCE.search(line[-20:]) and line[-1] not in ",-、"


def _blank_between(last: str, line: str) -> str:
    return "" if _JAPANESE.match(last[-1]) or _JAPANESE.match(line) else " "
