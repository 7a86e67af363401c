"""The recorded cases of one version: documents, answers of the model, and what came out.

They hold the documents' texts, so a person chooses whether they go along with an export.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.errors import VersionError
from workbench.records import Answer, Document, Experiment, ModelChoice, Run, Variant
from workbench.state.record_json import from_json, to_json

SCHEMA = 1


@dataclass(frozen=True)
class RecordedCase:
    """One run of the version: what went in, what the model said, what came out."""

    document: Document
    inputs: Mapping[str, Any]
    output: str
    answers: Mapping[str, Answer]
    """Key of the call -> what was answered."""
    repetition: int = 0

    @property
    def identity(self) -> tuple[str, str, int]:
        """What makes it another case than its neighbours."""
        return self.document.sha256, json.dumps(self.inputs, sort_keys=True, default=str), self.repetition

    @property
    def seconds(self) -> float:
        """What its calls took, one after the other."""
        return sum(answer.seconds for answer in self.answers.values())

    @property
    def cost_usd(self) -> float | None:
        """What its calls cost in US dollars; None when a price is unknown."""
        costs = [answer.cost_usd for answer in self.answers.values()]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    @property
    def tokens(self) -> int:
        """Sent and answered."""
        return sum(answer.input_tokens + answer.output_tokens for answer in self.answers.values())


@dataclass(frozen=True)
class Record:
    """All recorded cases of a version."""

    dataflow: str
    version: str
    model: ModelChoice
    origin: str
    """Of the endpoint, since it is part of each call's key."""
    prompts_sha256: str
    cases: tuple[RecordedCase, ...] = field(default_factory=tuple)
    schema: int = SCHEMA


def record_path(dataflow: str, version: str) -> str:
    """Where the record of a version is, relative to the project."""
    return f"datasets/{dataflow}/recorded_{version}.json"


def tests_path(dataflow: str) -> str:
    """Where a dataflow's assertions are, relative to the project; promptfoo's tests form."""
    return f"datasets/{dataflow}/tests.yaml"


def record_of(experiment: Experiment, variant: Variant, version: str, prompts_sha256: str) -> Record:
    """The finished runs of one variant as recorded cases of a version.

    Args:
        experiment: With its documents' texts.
        variant: Whose runs are taken.
        version: Label of the version that these prompts become.
        prompts_sha256: Of the version's prompts.
    """
    documents = {document.sha256: document for document in experiment.documents}
    runs = [run for run in experiment.runs if run.variant == variant.label and run.status == "done"]
    origins = {call.request.origin for run in runs for call in run.calls}
    inputs = {**experiment.inputs, **variant.inputs}
    cases = tuple(_case(run, documents[run.document], inputs) for run in runs if run.document in documents)
    return Record(experiment.dataflow, version, experiment.model, next(iter(origins), "local"), prompts_sha256, cases)


def to_bytes(record: Record) -> bytes:
    """The record as a file: JSON with a line per value, in a fixed order."""
    value = json.loads(to_json(record))
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")


def from_bytes(content: bytes, name: str) -> Record:
    """A record as it was written.

    Args:
        content: Of the file.
        name: Of the file, for messages.

    Raises:
        VersionError: It is no record.
    """
    try:
        record = from_json(content.decode("utf-8", "surrogatepass"), Record)
    except Exception as error:  # cattrs raises groups of many kinds
        raise VersionError(f"{name} is no record of cases ({type(error).__name__}).", "Export it anew.") from error
    if record.schema != SCHEMA:
        message = f"{name} has form {record.schema}; this workbench reads form {SCHEMA}."
        raise VersionError(message, "Use the workbench that wrote it, or export it anew.")
    return record


def read_record(root: Path, dataflow: str, version: str) -> Record | None:
    """The record of a version in the checkout; None when it has none.

    Raises:
        VersionError: The file is no record.
    """
    path = root / record_path(dataflow, version)
    return from_bytes(path.read_bytes(), path.name) if path.is_file() else None


def _case(run: Run, document: Document, inputs: Mapping[str, Any]) -> RecordedCase:
    answers = {call.request.key(): call.answer for call in run.calls if call.answer}
    return RecordedCase(document, inputs, run.output, answers, run.repetition)
