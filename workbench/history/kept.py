"""What the history is given of a run, and what it gives back: plain values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["prompt", "output", "answer", "other"]

APP = "app"
COMMAND = "command"


@dataclass(frozen=True)
class KeptCall:
    """The figures of one model call."""

    key: str
    """SHA-256 (hex) of its request; empty where it isn't known."""
    model: str
    at: float
    """When it ended, in seconds since the epoch."""
    seconds: float
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    is_made: bool = True
    """False: its answer was there before."""
    is_failed: bool = False


@dataclass(frozen=True)
class KeptRun:
    """A run as it goes into the history, once and for all."""

    id: str
    started_at: float
    """Seconds since the epoch."""
    seconds: float
    status: str
    source: str
    """"app", "command", or the name a service gave itself."""
    project: str
    dataflow: str
    variant: str
    """Label of what ran: "v3", "v3-draft"."""
    base: str
    """Label of the version it began as; the same where it is one."""
    model: str
    prompts: Mapping[str, str]
    """Node -> SHA-256 of the prompt's text."""
    texts: Sequence[tuple[Role, str]]
    """What can be searched for; an output stands first."""
    calls: Sequence[KeptCall]
    body: Mapping[str, Any]
    """JSON; everything there is of the run."""
    is_draft: bool = False
    experiment: str = ""
    repetition: int = 0
    person: str = ""
    document: str = ""
    """SHA-256."""
    document_name: str = ""
    inputs: str = ""
    """Their first words, for lists."""
    git_sha: str = ""
    git_dirty: bool = False
    request_id: str = ""
    output_sha256: str = ""
    """Empty where it gave none."""
    output_loose: str = ""
    """The same of the text with all white space as one blank."""
    error: str = ""


@dataclass(frozen=True)
class RunRow:
    """A run as it stands in a list."""

    seq: int
    """Rises with each run that is kept."""
    id: str
    started_at: float
    seconds: float
    status: str
    source: str
    project: str
    dataflow: str
    experiment: str
    repetition: int
    variant: str
    base: str
    is_draft: bool
    person: str
    model: str
    document: str
    document_name: str
    inputs: str
    git_sha: str
    git_dirty: bool
    request_id: str
    output_sha256: str
    output_loose: str
    calls_made: int
    calls_reused: int
    calls_failed: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    """None: its price is unknown."""
    error: str
    starred: bool = False
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Filters:
    """Which runs a list has; what is left empty filters nothing."""

    text: str = ""
    """Words of prompts and answers; all have to be in one of them, the last one may be the begin of a word. Of words
    that more than 5,000 texts have, the newest 5,000 are looked at."""
    version: str = ""
    """Label of what ran or of what it began as."""
    document: str = ""
    """Part of its name, or its whole SHA-256."""
    dataflow: str = ""
    model: str = ""
    status: str = ""
    person: str = ""
    source: str = ""
    since: float = 0.0
    """Seconds since the epoch."""
    until: float = 0.0
    cost_from: float = 0.0
    """US dollars."""
    starred: bool = False
    prompt_sha256: str = ""
    """Of the text of one of its prompts."""
    request_id: str = ""
    experiment: str = ""


@dataclass(frozen=True)
class Page:
    """A part of a list, the newest first."""

    rows: tuple[RunRow, ...]
    total: int
    """Of all pages."""
    is_capped: bool
    """There are more than total."""
    older: str = ""
    """Where the next page begins; empty on the last."""
    newer: str = ""


@dataclass(frozen=True)
class Choices:
    """What filters can be set to."""

    versions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dataflows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dependents:
    """What a run that is to go leaves behind, or takes along."""

    runs: int
    texts: int
    """That no other run has; they go with it."""
    reused_by: int
    """Later runs that were given answers it paid for; they keep their copies."""
    starred: int
    noted: int = 0
    exported: Sequence[str] = field(default=())
