"""Evidence for a version that is there already, as the file that the gate reads."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from workbench.errors import ExportError, UsageError
from workbench.evaluation.evidence import Evidence
from workbench.evaluation.evidence_file import evidence_bytes, evidence_path
from workbench.export.evidence import Question, evidence_of
from workbench.export.no_evidence import dataset_named, evaluate_line, nobody_judged
from workbench.history.history import History
from workbench.prompts.provenance import read_provenance
from workbench.records import Variant, Version


def write_version_evidence(
    history: History, root: Path, home: Path, dataflow: str, versions: Mapping[str, Version], label: str
) -> tuple[Path, tuple[Evidence, ...]]:
    """Write what was found of a version against the one it was edited from; an older file is replaced.

    Args:
        history: The reviews are in its database.
        root: The project.
        home: The state folder; the verdicts of evaluations are in it.
        dataflow: Whose versions they are.
        versions: Label -> version.
        label: Of the version.

    Raises:
        UsageError: It is no prompts_vN.py, or the first one.
        ExportError: There is no evidence, or the file can't be written.
    """
    version = versions.get(label)
    if version is None or version.origin != "module":
        raise UsageError(f"--evidence is for a prompts_vN.py; {label!r} is none.", "Name one by --variant vN.")
    parent = parent_of(version, versions)
    question = Question(dataflow, Variant(label, label), parent, versions)
    evidence = evidence_of(history, home, question)
    if not evidence:
        line = evaluate_line(dataflow, label, parent, dataset_named(root, dataflow))
        raise ExportError(nobody_judged(parent).rstrip("."), f"Judge it first: {line}" if line else "Judge it first.")
    path = root / evidence_path(dataflow, label)
    waiting = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting.write_bytes(evidence_bytes(dataflow, label, evidence))
        waiting.replace(path)
    except OSError as error:
        waiting.unlink(missing_ok=True)
        raise ExportError(f"{path.name} can't be written: {error.strerror}", "Make its folder writable.") from error
    return path, evidence


def parent_of(version: Version, versions: Mapping[str, Version]) -> str:
    """Label of what a version was edited from: by its provenance, else the version before it.

    Raises:
        UsageError: There is none.
    """
    provenance = read_provenance(version.source)
    if provenance and provenance.parent in versions and provenance.parent != version.label:
        return provenance.parent
    lower = [own for own in versions.values() if own.origin == "module" and own.number < version.number]
    if not lower:
        raise UsageError(f"{version.label} is the first version: there is nothing to hold it against.")
    return max(lower, key=lambda own: own.number).label
