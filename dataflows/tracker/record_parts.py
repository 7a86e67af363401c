"""The parts of a record: plain values with bounds, so that whoever reads one knows how large it can be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

MOST_ENTRIES = 10_000
"""Nodes, and calls, of one run; those beyond are counted."""
MOST_CHARACTERS = 1_000_000
"""Of one text that is kept; the rest is cut off."""

Name = Annotated[str, 200]
Remark = Annotated[str, 500]
Text = Annotated[str, MOST_CHARACTERS]
Sha256 = Annotated[str, re.compile("[0-9a-f]{64}|")]
GitSha = Annotated[str, re.compile("[0-9a-f]{7,64}|")]
Way = Literal["module", "config", "store", "input", "override", "code", "mixed", ""]


@dataclass(frozen=True)
class Failure:
    """An error, without its traceback."""

    type: Name
    """Name of its class, without its module."""
    message: Remark
    """Without keys."""


@dataclass(frozen=True)
class RanPrompt:
    """A prompt, as a run used it."""

    sha256: Sha256
    """See text_sha256."""
    way: Way
    """From a prompts_vN.py, a variant under @config.when, the prompt store, an input, an override, or other code."""
    version: Name = ""
    """ "v3"; empty where nothing says it."""
    text: Text | None = None
    """Only where content is kept."""


@dataclass(frozen=True)
class RanVersion:
    """Which version of its prompts a run used."""

    way: Way = ""
    """ "mixed" where its prompts are of several."""
    version: Name = ""
    label: Name = ""
    """Of the prompt store, "production" for example."""
    stale: bool = False
    """The prompt store was away."""


@dataclass(frozen=True)
class RanNode:
    """One execution of a node."""

    name: Name
    offset: float
    """Seconds after the start of the run."""
    seconds: float
    task_id: Name = ""
    """Of the parallel task, where it is in one."""
    error: Failure | None = None


@dataclass(frozen=True)
class Message:
    """One message to a model."""

    role: Name
    text: Text


@dataclass(frozen=True)
class RanCall:
    """One call of a model, with what the client did to repeat it."""

    node: Name
    """Empty when the code that called was in none."""
    model: Name
    offset: float
    """Seconds after the start of the run."""
    seconds: float
    """Until the answer, or the last piece of a stream."""
    task_id: Name = ""
    provider: Name = ""
    """As OpenTelemetry calls it: "openai", "azure.ai.openai"."""
    server: Name = ""
    """Host and port."""
    answering_model: Name = ""
    """What the server said it is."""
    input_tokens: int | None = None
    """None where the server didn't say it; a stream has to be asked for it."""
    output_tokens: int | None = None
    finish_reason: Name = ""
    settings: Mapping[Name, float] = field(default_factory=dict)
    """Temperature, seed and so on, as they were sent."""
    error: Failure | None = None
    messages: tuple[Message, ...] | None = None
    """Only where content is kept."""
    answer: Text | None = None
    """Only where content is kept."""


@dataclass(frozen=True)
class RanOutput:
    """What a run gave: a text, or other plain values as JSON."""

    sha256: Sha256
    """See text_sha256; it is of the text, keys and all."""
    spacing_sha256: Sha256
    """The same for any spacing, see spacing_sha256: finds a text that was copied from a log or a page."""
    characters: int
    text: Text | None = None
    """Only where content is kept."""
