"""What may leave the team's machines of a text: no keys, no names of people's folders, and not all of it."""

import re
from pathlib import PureWindowsPath

from workbench.models.redaction import redact

# The longest of redact's keys is a private key of some 3,300 characters.
_LONGEST_KEY = 4_000
_HOME = re.compile(r"(?i)([\\/](?:home|users)[\\/])[^\\/\s\"':]+")
_PASSAGE = 200


def public(text: str, limit: int) -> str:
    """At most the first limit characters of the text, keys redacted, the user's name out of paths of home folders.

    Only so much of a long text is looked at, and a key that may be cut there is left out.
    """
    ahead = text[: limit + _LONGEST_KEY]
    clean = _HOME.sub(r"\1~", redact(ahead))
    if len(ahead) < len(text):
        clean = clean[: max(0, len(clean) - _LONGEST_KEY)]
    return clean[:limit]


def public_answer(text: str, pages: tuple[str, ...], limit: int) -> str:
    """An answer like public, with each page of the document that stands in it whole left out, if it isn't short."""
    clean = public(text, limit)
    for page in sorted({page.strip() for page in pages}, key=len, reverse=True):
        if len(page) >= _PASSAGE and page in clean:
            clean = clean.replace(page, f"[a page of the document, {len(page):,} characters, is left out]")
    return clean


def project_path(path: str) -> str:
    """A prompt module's path from the project's folder on, as "prompts/summarization/prompts_v4.py".

    Of a path that has no folder called prompts, the file's name.
    """
    # It reads both kinds of slashes.
    parts = PureWindowsPath(path).parts
    start = max((at for at, part in enumerate(parts) if part == "prompts"), default=len(parts) - 1)
    return public("/".join(parts[start:]), 200)
