"""What an import gives: prompts in our grammar, and what was left behind."""

from dataclasses import dataclass
from typing import Literal

Format = Literal["python", "format", "jinja", "mustache", "promptfoo", "prompty"]


@dataclass(frozen=True)
class ImportedPrompt:
    """One prompt that our grammar can say."""

    name: str
    """A suggestion; Python takes it, and no other prompt of the import has it."""
    template: str
    """Grammar of dataflows.templates."""
    slots: tuple[str, ...]
    """Each once, in order of first use, named as in the file."""
    doc: str
    """What the file says about it; mostly empty."""
    line: int
    """Where it begins, from 1."""


@dataclass(frozen=True)
class Refusal:
    """One thing that our grammar can't say, so that its prompt is not imported."""

    what: str
    """The prompt or file, fit to be shown."""
    line: int
    """From 1, in the file that `what` names, else in the one imported."""
    reason: str
    """A sentence without its full stop."""


@dataclass(frozen=True)
class Imported:
    """All of one file."""

    format: Format
    prompts: tuple[ImportedPrompt, ...]
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know about prompts that were taken; sentences, each once."""
    tests_source: str = ""
    """YAML with the keys `tests` and `defaultTest` of a promptfoo file; empty when it has neither."""
