"""Keys out of texts: whatever is logged, stored, sent or shown about a model call passes here."""

import re
from collections.abc import Iterable

MARK = "[redacted]"
"""What stands in the place of a key."""

_SHORTEST_KNOWN = 8
"""A shorter "key" is a placeholder such as "none"; replacing it would garble texts."""

_KEYS = re.compile(
    "|".join(
        [
            r"\bsk-[\w-]{16,}",  # OpenAI, Anthropic, OpenRouter and those who imitate them
            r"\bAIza[\w-]{30,}",  # Google
            r"\b(?:gsk|xai|pplx|nvapi|r8|fw)[_-][\w-]{20,}",  # Groq, xAI, Perplexity, NVIDIA, Replicate, Fireworks
            r"\bhf_\w{20,}",  # Hugging Face
            r"\bgh[a-z]_\w{30,}|\bgithub_pat_\w{30,}",  # GitHub
            r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # AWS
            r"\bxox[a-z]-[\w-]{10,}",  # Slack
            r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{8,}",  # a JSON web token
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|[\s\S]*)",
            r"(?<=://)[^/\s@]+(?=@)",  # user info of an address
            r"(?<=\b[Bb]earer )(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*",  # an Authorization header, not "bearer instruments"
            r"(?i:(?<=api[-_]key)|(?<=apikey))[\"']?\s*[=:]\s*[\"']?[\w.~+/-]{8,}",  # api_key=..., "x-api-key": "..."
        ]
    )
)

_BEGINS = (
    *("sk-", "AIza", "hf_", "github_pat_", "AKIA", "ASIA", "xox", "eyJ", "-----BEGIN", "://", "earer "),
    *(f"{name}{sign}" for name in ("gsk", "xai", "pplx", "nvapi", "r8", "fw") for sign in "_-"),
)
"""One of them is in every text that _KEYS matches, but for those of GitHub and of an api_key=."""


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text with every key replaced by MARK.

    Args:
        known: Keys that are replaced whatever they look like; those under 8 characters are ignored.
    """
    for key in sorted({key for key in known if len(key) >= _SHORTEST_KNOWN}, key=len, reverse=True):
        text = text.replace(key, MARK)
    return _KEYS.sub(MARK, text) if may_hold_key(text) else text


def may_hold_key(text: str) -> bool:
    """Whether it has the begin of anything that looks like a key; this takes a hundredth of what the pattern takes."""
    if any(begin in text for begin in _BEGINS):
        return True
    return ("gh" in text and "_" in text) or "api" in text.lower()
