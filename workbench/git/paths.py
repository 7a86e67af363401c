"""Which paths may be written into a commit: those that every file system keeps inside of the checkout."""

import re

from workbench.git.failures import GitError

# Source: Microsoft, "Naming Files, Paths, and Namespaces".
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(COM|LPT)[0-9¹²³])( *[.:].*| *)", re.I | re.S)
# Windows' short name of .git; and what macOS leaves out of a name (Source: git's utf8.c, is_hfs_dotgit).
_SHORT_GIT = re.compile(r"git~[0-9]+", re.I)
_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_MOST_BYTES_OF_A_PART = 255


def refuse_unsafe_path(path: str) -> None:
    """GitError when a file of this path could land outside of the checkout, in .git, or on a device.

    Args:
        path: Relative, its parts joined by /.
    """
    if reason := next(filter(None, (_fault(part) for part in path.split("/"))), None):
        hint = "Use a relative path of plain names, joined by /."
        raise GitError("git", f"The path {path!a} is refused: {reason}", hint)


def _fault(part: str) -> str | None:
    """Why no file may have this name; None when it may."""
    if part in ("", ".", ".."):
        return "it is absolute, or has an empty part, . or .."
    if "\\" in part or ":" in part:
        return "it has a backslash or a colon"
    if any(ord(char) < 32 or ord(char) == 127 or "\ud800" <= char <= "\udfff" for char in part):
        return "it has a character that no name can have"
    if _IGNORED.sub("", part).rstrip(" .").lower() == ".git" or _SHORT_GIT.fullmatch(part.rstrip(" .")):
        return "it leads into .git"
    if part.endswith((" ", ".")):
        return "a part of it ends with a blank or a full stop"
    if _DEVICES.fullmatch(part):
        return "it names a device of Windows"
    if len(part.encode()) > _MOST_BYTES_OF_A_PART:
        return f"a part of it has more than {_MOST_BYTES_OF_A_PART} bytes"
    return None
