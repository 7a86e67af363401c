"""What the environment says of the service."""

from collections.abc import Mapping
from dataclasses import dataclass

WAYS = ("module", "config", "store", "ab")


@dataclass(frozen=True)
class Settings:
    """Where prompts and answers come from, and where the service listens; the key stays in the environment."""

    way: str = "module"
    version: str = ""
    """ "v3", or with the store a label; empty for the version in production."""
    store: str = "prompts.db"
    """The prompt store's address; by default a SQLite file in the working folder."""
    last_known: str = ""
    """File of the prompts that the store last gave; empty keeps none."""
    ab_test: str = ""
    """Name of the A/B test that splits requests, with the way "ab"."""
    model: str = "gpt-4.1-mini"
    """Of versions that pin none."""
    base_url: str = ""
    """Of an OpenAI-compatible endpoint; empty for OpenAI's own."""
    host: str = "127.0.0.1"
    port: int = 8000
    """0 takes a free one."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in PROMPTS, PROMPTS_VERSION, PROMPTS_STORE, PROMPTS_LAST_KNOWN, AB_TEST, MODEL, OPENAI_BASE_URL, …

    Raises:
        ValueError: One of them makes no sense.
    """
    names = {
        "way": "PROMPTS",
        "version": "PROMPTS_VERSION",
        "store": "PROMPTS_STORE",
        "last_known": "PROMPTS_LAST_KNOWN",
        "ab_test": "AB_TEST",
        "model": "MODEL",
        "base_url": "OPENAI_BASE_URL",
        "host": "HOST",
    }
    found = {field: environment[name] for field, name in names.items() if environment.get(name)}
    if (way := found.get("way", "module")) not in WAYS:
        raise ValueError(f"PROMPTS is {way[:40]!r}; it can be {', '.join(WAYS)}")
    if way == "ab" and not found.get("ab_test"):
        raise ValueError("PROMPTS is ab and AB_TEST is empty; set it to the name of the A/B test")
    port = environment.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError(f"PORT is {port[:40]!r}; it is a number below 65536")
    return Settings(**found, port=int(port))
