"""Base URLs of endpoints: what is allowed, and what of them may be shown."""

import ipaddress
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlsplit

from workbench.errors import UsageError

OPENAI = "https://api.openai.com/v1"
"""Where calls go when no base URL is set."""


@lru_cache(maxsize=64)  # it is asked for at every call, where it would take a third of the request's time
def origin_of(base_url: str) -> str:
    """The address without user info, query and fragment, so that it can be shown and kept.

    Raises:
        UsageError: It is no http or https address with a host. The message doesn't repeat it: it may hold a password.
    """
    parts = _parts(base_url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"


def secrets_in(base_url: str) -> list[str]:
    """Password and query values of the address, which must not be shown."""
    parts = _parts(base_url)
    return [value for value in (parts.password, parts.username, *dict(parse_qsl(parts.query)).values()) if value]


def is_loopback(base_url: str) -> bool:
    """Whether the host is this machine, which no proxy can reach."""
    host = _parts(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parts(base_url: str) -> SplitResult:
    hint = "Set OPENAI_BASE_URL to an address like http://127.0.0.1:8000/v1."
    if any(character.isspace() or not character.isprintable() for character in base_url):
        raise UsageError("The base URL of the endpoint holds a space or a control character; none is allowed.", hint)
    try:
        parts = urlsplit(base_url)
        parts.port  # noqa: B018 reading it checks it
    except ValueError as error:
        raise UsageError("The base URL of the endpoint has a broken host or port.", hint) from error
    if parts.scheme not in ("http", "https"):
        raise UsageError("The base URL of the endpoint begins with neither http:// nor https://.", hint)
    if not parts.hostname:
        raise UsageError("The base URL of the endpoint names no host.", hint)
    return parts
