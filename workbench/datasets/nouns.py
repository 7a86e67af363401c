"""The nouns of datasets: a case is what goes in and what is asked of what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.assertions.nouns import Assertion


@dataclass(frozen=True)
class Case:
    """One document with its inputs, and what is asked of the answer."""

    name: str
    """Unique in its dataset."""
    document: str = ""
    """Path relative to the dataset's file, or "sha256:" and 64 digits for one that the workbench keeps; empty: none is
    named."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Texts, numbers and truth values, by name: the dataflow's inputs, and what {{name}} in an assertion stands for."""
    assertions: tuple[Assertion, ...] = ()
    threshold: float | None = None
    """None: every assertion with a weight has to pass. Else the score has to reach it."""
    tags: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    """Where it begins in its file, from 1; 0 when it is in none."""


@dataclass(frozen=True)
class Dataset:
    """Cases that belong together, as they were read."""

    name: str
    cases: tuple[Case, ...]
    path: Path
    """Of the file; documents are named relative to its folder."""
    documents: Mapping[str, str]
    """A case's document -> SHA-256 of its bytes, or what the workbench keeps it under."""
    sha256: str
    """Of the content: cases in their order and the bytes of their documents. Comments, spelling and file names don't
    count."""
    file_sha256: str = field(default="", compare=False)
    """Of the file's bytes; empty for a dataset that has no file yet."""
    is_ours: bool = True
    """False: a file of promptfoo's tests, which is read and never written."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag, in the order of first use."""
        return tuple(dict.fromkeys(tag for case in self.cases for tag in case.tags))
