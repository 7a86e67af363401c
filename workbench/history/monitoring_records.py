"""What is asked of the history's figures, and what they say: plain values only."""

from dataclasses import dataclass

from workbench.history.monitoring_frame import Frame


@dataclass(frozen=True)
class Asked:
    """Which calls are added up; what is left empty filters nothing."""

    until: float
    """Seconds since the epoch."""
    since: float = 0.0
    """Likewise; 0: since the first call there is."""
    dataflow: str = ""
    version: str = ""
    model: str = ""
    source: str = ""


@dataclass(frozen=True)
class Sums:
    """Of some calls, those that failed among them; reused answers are no calls."""

    calls: int = 0
    errors: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    """Of those whose price was known when they were made."""
    p50: float | None = None
    """Seconds that half of the calls that were answered took at most, within 10 %; None where none was."""
    p95: float | None = None
    """The same of 95 in 100."""
    runs: int = 0

    @property
    def tokens(self) -> int:
        """In and out."""
        return self.input_tokens + self.output_tokens

    @property
    def error_share(self) -> float | None:
        """From 0 to 1; None without calls."""
        return self.errors / self.calls if self.calls else None


@dataclass(frozen=True)
class Point:
    """A step of a chart; both ends in seconds since the epoch."""

    at: float
    ends: float
    sums: Sums


@dataclass(frozen=True)
class VersionCalls:
    """Calls that one version made in one step."""

    at: float
    ends: float
    dataflow: str
    version: str
    calls: int


@dataclass(frozen=True)
class LiveVersion:
    """A version that made calls in the span."""

    dataflow: str
    version: str
    first: float
    """Begin of the hour, or of the day, of its first call in the span; in seconds since the epoch."""
    last: float
    """The same of its last call."""
    sums: Sums


@dataclass(frozen=True)
class Change:
    """From here on another version of a dataflow is the one that a source makes most calls with."""

    at: float
    """Begin of the hour, or of the day, of its first call in that step; in seconds since the epoch."""
    dataflow: str
    source: str
    before: str
    after: str


@dataclass(frozen=True)
class Figures:
    """What a page of charts shows."""

    frame: Frame
    points: tuple[Point, ...] = ()
    """One for each step, also where nothing was called."""
    versions: tuple[VersionCalls, ...] = ()
    live: tuple[LiveVersion, ...] = ()
    """Those with the latest calls first."""
    changes: tuple[Change, ...] = ()
    """In the order of time; the same whichever version or model is asked for."""
    total: Sums = Sums()
    before: Sums | None = None
    """Of the span of the same length before; None where all is asked for."""
    unpriced: tuple[str, ...] = ()
    """Models whose calls used tokens and have no cost: they are free, or their price was unknown."""


@dataclass(frozen=True)
class Values:
    """What can be asked for, each in alphabetical order."""

    dataflows: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
