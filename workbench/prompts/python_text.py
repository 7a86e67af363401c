"""Texts as Python literals that people can read and no tool or editor changes.

Every literal is printable UTF-8: backslashes, tabs, carriage returns and whatever str.isprintable() refuses (controls,
bidi marks, zero-width characters, lone surrogates) stand as escapes, and so does a blank before a line's end.
"""

import inspect
import re
import textwrap
from collections.abc import Mapping
from typing import Any

_SUSPECT = re.compile(r"[^\n -\[\]-~]")
_SHORT = {"\\": "\\\\", "\t": "\\t", "\r": "\\r"}
_CLOSING = re.compile(r'("")"|"\Z')
_ENDS_UNSEEN = re.compile(r"[ \t\r]\n")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Of a formatter's 120 columns.
_ONE_LINE = 105
_SURELY_TOO_WIDE = 130
_FEW_NEWLINES = 2


def literal(text: str, prefix: str = "") -> str:
    """The text as a literal in double quotes, or in single ones when that needs fewer escapes.

    Args:
        text: Any text.
        prefix: "f" makes an f-string; the text is then one already, its plain braces doubled.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = _escaped(text).replace("\n", "\\n").replace(quote, f"\\{quote}")
    return f"{prefix}{quote}{escaped}{quote}"


def expression(text: str, prefix: str = "") -> str:
    """The text as what stands after `return`, indented for a function of a module.

    A short text is a plain literal. Other texts stand in triple quotes as they were typed, or as one literal per line
    when many lines end in something that can't be seen. Arguments as for literal.
    """
    line = literal(text, prefix)
    # A formatter's width counts a wide character as two; a line it would wrap or join must not be written here.
    if text.count("\n") <= _FEW_NEWLINES and len(line) + sum(not char.isascii() for char in line) <= _ONE_LINE:
        return line
    unseen = len(_ENDS_UNSEEN.findall(text))
    if unseen * 4 > text.count("\n") and len(re.findall("[!-~]", text)) > _SURELY_TOO_WIDE:
        lines = [literal(piece, prefix) for piece in re.findall(r"[^\n]*\n|[^\n]+", text)]
        return "(\n" + "".join(f"        {piece}\n" for piece in lines) + "    )"
    if '"""' in text and "'''" not in text and not text.endswith("'"):
        return f"{prefix}'''\\\n{_blanks_kept(text)}'''"
    return f'{prefix}"""\\\n{_in_triple_quotes(text)}"""'


def dictionary(values: Mapping[str, Any], indent: str = "") -> str:
    """Plain values as a dict literal, an item a line, as a formatter leaves it.

    Args:
        values: Texts, numbers, booleans, None, and lists, tuples and mappings of them.
        indent: Of the line that the literal begins on.
    """
    if not values:
        return "{}"
    inner = indent + "    "
    items = (f"{inner}{literal(str(name))}: {_value(value, inner)},\n" for name, value in values.items())
    return "{\n" + "".join(items) + indent + "}"


def _value(value: Any, indent: str) -> str:
    if isinstance(value, Mapping):
        return dictionary(value, indent)
    if isinstance(value, list | tuple):
        inner = indent + "    "
        items = "".join(f"{inner}{_value(item, inner)},\n" for item in value)
        return "[\n" + items + indent + "]" if value else "[]"
    if isinstance(value, str):
        return literal(value)
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    raise TypeError(f"{type(value).__name__} has no literal here")


def docstring(text: str, indent: str = "") -> str:
    """The docstring's source, each of its lines behind the indent; read back, it is normal_doc(text)."""
    doc = _in_triple_quotes(normal_doc(text))
    if doc.startswith('"'):
        doc = f"\\{doc}"
    if "\n" in doc:
        doc += "\n"
    return textwrap.indent(f'"""{doc}"""', indent)


def normal_doc(text: str) -> str:
    """A docstring's text without what layout adds: common indent, blanks at line ends, blanks that aren't spaces.

    Lone surrogates become U+FFFD: Python 3.13 refuses to compile a docstring that has one.
    """
    text = _SURROGATES.sub("\ufffd", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs()
    text = "".join(" " if char.isspace() and char != "\n" else char for char in text)
    first, newline, rest = inspect.cleandoc(text).strip().partition("\n")
    return "\n".join(line.rstrip() for line in (first + newline + textwrap.dedent(rest)).split("\n"))


def _in_triple_quotes(text: str) -> str:
    """The text between triple double quotes: a third quote in a row and a last one are escaped."""
    return _CLOSING.sub(lambda found: (found[1] or "") + '\\"', _blanks_kept(text))


def _blanks_kept(text: str) -> str:
    """The text escaped, a blank before a line's end too."""
    return _escaped(text).replace(" \n", "\\x20\n")


def _escaped(text: str) -> str:
    """The text with every character escaped that can't be seen or would be read as an escape; newlines stay."""
    return _SUSPECT.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
