"""The bytes of a file as text, within bounds."""

import codecs

from workbench.importing.failures import ImportFailed, shown

MAX_BYTES = 1_000_000


def decode(name: str, content: bytes) -> str:
    """The file's text without a byte order mark; newlines stay as they are.

    Args:
        name: Of the file, for messages.
        content: UTF-8.

    Raises:
        ImportFailed: It is too large, or no UTF-8; the message has the offset of the first wrong byte, from 0.
    """
    _refuse_large(name, len(content))
    mark = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    try:
        return content[mark:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = mark + error.start
        message = f"{shown(name)} is not UTF-8: byte 0x{content[offset]:02x} at offset {offset}"
        raise ImportFailed(message, "Save the file as UTF-8, then import it again.") from error


def refuse_large_text(name: str, text: str) -> None:
    """ImportFailed when the text would be larger than a file may be."""
    _refuse_large(name, len(text.encode("utf-8", "surrogatepass")))


def _refuse_large(name: str, size_bytes: int) -> None:
    if size_bytes > MAX_BYTES:
        message = f"{shown(name)} has {size_bytes:,} bytes; at most {MAX_BYTES:,} are read"
        raise ImportFailed(message, "Import a smaller file, or split this one.")
