"""What is raised when a file can't be read at all, and how texts out of it are shown."""

from workbench.errors import WorkbenchError


class ImportFailed(WorkbenchError):
    """A file of prompts cannot be read as a whole; nothing of it was taken."""


def shown(text: str, max_chars: int = 60) -> str:
    """The text's beginning for a message: what can't be seen is U+FFFD, and a cut is marked."""
    seen = "".join(char if char.isprintable() else "\ufffd" for char in text[:max_chars])
    return seen if len(text) <= max_chars else f"{seen}…"
