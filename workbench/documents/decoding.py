"""The bytes of a text file as text."""

import codecs

from workbench.documents.file_names import shown
from workbench.errors import DocumentError

# UTF-32's mark begins with UTF-16's; such a file is full of NUL and refused for that.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HINT = "Save it as UTF-8 text, then add that."


def decode(content: bytes, name: str) -> str:
    """The text of a file without its byte order mark; lines end in LF.

    Args:
        content: UTF-8, or UTF-16 with a byte order mark.
        name: Of the file, for messages.

    Raises:
        DocumentError: It is in another encoding, or no text.
    """
    mark, encoding = next((own for own in _MARKS if content.startswith(own[0])), (b"", "utf-8"))
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        place = len(mark) + error.start
        named = "UTF-8" if encoding == "utf-8" else "UTF-16"
        message = f"{shown(name)} is no {named} text: byte 0x{content[place]:02x} at offset {place:,}."
        raise DocumentError("damaged", message, _HINT) from None
    if (place := text.find("\0")) >= 0:
        message = f"{shown(name)} is no text: its character {place + 1:,} is NUL, as in files that are not for people."
        raise DocumentError("damaged", message, _HINT)
    return text.replace("\r\n", "\n").replace("\r", "\n")
