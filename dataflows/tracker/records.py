"""What is told of a run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dataflows.tracker.record_parts import (
    Failure,
    GitSha,
    Name,
    RanCall,
    RanNode,
    RanOutput,
    RanPrompt,
    RanVersion,
    Remark,
)

SCHEMA = 1
"""Of the JSON; a record of another one is refused."""
MOST_CONTENT = 2_000_000
"""Characters of all texts that one run keeps; a text for which no room is left isn't kept."""
MOST_BYTES = 32_000_000
"""Of a record's JSON."""


@dataclass(frozen=True)
class RunRecord:
    """One execution of a dataflow's driver."""

    run_id: Name
    """Hamilton's."""
    dataflow: Name
    source: Name
    """Which service ran it."""
    started_at: float
    """Seconds since 1970-01-01 UTC."""
    seconds: float
    status: Literal["done", "failed"]
    request_id: Name = ""
    """The service's own, see tracked_request."""
    tags: Mapping[Name, Remark] = field(default_factory=dict)
    error: Failure | None = None
    git_sha: GitSha = ""
    version: RanVersion = field(default_factory=RanVersion)
    prompts: Mapping[Name, RanPrompt] = field(default_factory=dict)
    nodes: tuple[RanNode, ...] = ()
    """By their start."""
    calls: tuple[RanCall, ...] = ()
    """By their start."""
    outputs: Mapping[Name, RanOutput] = field(default_factory=dict)
    left_out: int = 0
    """Nodes and calls beyond MOST_ENTRIES of each."""
    schema: int = SCHEMA

    @property
    def input_tokens(self) -> int:
        """Of all calls that say it."""
        return sum(call.input_tokens or 0 for call in self.calls)

    @property
    def output_tokens(self) -> int:
        """Of all calls that say it."""
        return sum(call.output_tokens or 0 for call in self.calls)


def text_sha256(text: str) -> str:
    """SHA-256 (hex) of a text's UTF-8, in which half a character (a lone surrogate) has three bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def spacing_sha256(text: str) -> str:
    """The same for texts that differ only in spaces and line ends."""
    return text_sha256(" ".join(text.split()))
