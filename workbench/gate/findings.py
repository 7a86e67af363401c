"""What the gate looks for, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]

RULES: Mapping[str, str] = {
    # A module as Python.
    "syntax": "the module is UTF-8 and Python",
    "import-effects": "importing the module does nothing but define prompts",
    "duplicate-name": "every name is bound once",
    "annotation": "every prompt is annotated to return str",
    "docstring": "the module and every prompt say what they are",
    "hidden-char": "there is no character that can't be seen",
    "secret": "nothing looks like a key",
    "provenance": "the module is as it was exported",
    # A prompt as a text for its dataflow.
    "dataflow": "the folder belongs to a dataflow",
    "node-missing": "the dataflow gets every prompt it asks for",
    "node-unknown": "the dataflow asks for every prompt there is",
    "computed": "a prompt is a plain text",
    "empty": "a prompt has a text",
    "brace": "single braces are slots",
    "format-trick": "a slot is a plain name",
    "slot-unknown": "the dataflow fills every slot",
    "slot-missing": "every required slot is used",
    "parameter-unused": "every parameter is used",
    "parameter-braces": "no default has braces",
    "surrogate": "the text can be sent as UTF-8",
    "token-budget": "the text is not too long",
    # The versions side by side.
    "number-gap": "versions are v1, v2, v3 ...",
    "current": "current.py names a version",
    "immutable": "a merged version stays as it is",
    # The module run with its dataflow.
    "driver": "the dataflow builds and runs with the module",
    "deterministic": "a prompt gives the same text each time",
    "shape": "the module changes nothing of the dataflow but its prompts",
    # The recorded cases.
    "no-record": "the version has recorded cases",
    "record": "the record can be read and is of this version's prompts",
    "case-answer": "the record holds every answer that a case asks for",
    "case-failed": "every case runs",
    "case-output": "every case gives what was recorded",
    "case-duplicate": "every case is recorded once",
    "case-missing": "every document of the baseline is there",
    "tests": "tests.yaml can be read",
    "assertion": "every assertion holds",
    "regression": "no document scores worse than with the baseline",
    # The evidence of evaluations and blind reviews.
    "evidence": "a new version has evidence, and is not worse",
    "evidence-record": "the evidence can be read and is of this version's prompts",
}
"""Rule -> what it holds to, as a sentence."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that a reviewer should know."""

    rule: str
    """"slot-unknown"; a key of RULES."""
    level: Level
    """An error fails the gate."""
    path: str
    """Relative to the project, with slashes."""
    line: int
    """From 1."""
    message: str
    """One sentence: what is wrong, with the thing, its value and the limit."""
    hint: str = ""
    """What to do, as an order."""
    node: str = ""
    """The prompt it is about, if it is about one."""
    document: str = ""
    """The document of a recorded case, if it is about one."""


@dataclass(frozen=True)
class CaseResult:
    """What became of one recorded case."""

    path: str
    """Of the record, relative to the project."""
    document: str
    """Name of the document."""
    sha256: str
    """Of the document."""
    repetition: int
    passed: bool
    score: float | None = None
    """Of its assertions, from 0 to 1; None when there are none for it."""


@dataclass(frozen=True)
class VersionEvidence:
    """What evaluations and blind reviews found of a version; it goes along in the project."""

    path: str
    """Of the module, relative to the project."""
    version: str
    word: str
    """"better", "worse" or "not enough evidence", of all of it together."""
    sentences: tuple[str, ...]
    """The newest first."""


@dataclass(frozen=True)
class GateReport:
    """What the gate found in all files it looked at."""

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    """The modules that were looked at, relative to the project."""
    cases: tuple[CaseResult, ...]
    seconds: float
    note: str = ""
    """Why nothing was looked at; mostly empty."""
    calls: int = 0
    """Model calls made: always none."""
    evidence: tuple[VersionEvidence, ...] = ()
    """Of those modules that have some."""

    @property
    def errors(self) -> int:
        """How many findings fail the gate."""
        return sum(finding.level == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings don't."""
        return len(self.findings) - self.errors

    @property
    def passed(self) -> bool:
        """Whether nothing fails the gate."""
        return not self.errors
