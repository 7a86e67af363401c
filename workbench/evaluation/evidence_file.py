"""evidence_vN.json: what speaks for a version, beside its recorded cases, so that CI knows it without our state."""

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.errors import VersionError
from workbench.evaluation.evidence import Evidence, Figures
from workbench.state.record_json import from_value, to_value

SCHEMA = 1
MOST = 5
"""Pieces of evidence in a file."""

_LARGEST_BYTES = 200_000
_LONGEST = 1_000
_LEVEL = 0.05
_SHA256 = re.compile("[0-9a-f]{64}")
_HINT = "Write it anew by `python -m workbench export --variant vN --evidence`; never edit it by hand."


def evidence_path(dataflow: str, version: str) -> str:
    """Where the evidence for a version is, relative to the project."""
    return f"datasets/{dataflow}/evidence_{version}.json"


def evidence_bytes(dataflow: str, version: str, evidence: Sequence[Evidence]) -> bytes:
    """The file: JSON with a line for each value, in a fixed order; the first 5 pieces of evidence."""
    value = {"schema": SCHEMA, "dataflow": dataflow, "version": version, "evidence": to_value(list(evidence[:MOST]))}
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")


def read_evidence(root: Path, dataflow: str, version: str) -> tuple[Evidence, ...] | None:
    """The evidence for a version in the checkout; None when it has no file.

    Raises:
        VersionError: The file is none of ours, is of another version, or contradicts itself.
    """
    path = root / evidence_path(dataflow, version)
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise VersionError(f"{path.name} can't be read: {error.strerror}", "Make it readable.") from error
    if len(content) > _LARGEST_BYTES:
        raise VersionError(f"{path.name} has more than {_LARGEST_BYTES:,} bytes", _HINT)
    try:
        value: Any = json.loads(content)
        schema, of = value["schema"], (value["dataflow"], value["version"])
        evidence = tuple(from_value(value["evidence"], list[Evidence])) if schema == SCHEMA else ()
    except Exception as error:  # cattrs raises groups of many kinds
        raise VersionError(f"{path.name} is no record of evidence ({type(error).__name__})", _HINT) from error
    if schema != SCHEMA:
        message = f"{path.name} has form {str(schema)[:20]!a}; this workbench reads form {SCHEMA}"
        raise VersionError(message, "Use the workbench that wrote it, or write it anew.")
    if of != (dataflow, version):
        raise VersionError(f"{path.name} is of {str(of[1])[:40]!a} of {str(of[0])[:40]!a}", _HINT)
    if not 1 <= len(evidence) <= MOST:
        raise VersionError(f"{path.name} has {len(evidence)} pieces of evidence; it takes 1 to {MOST}", _HINT)
    for own in evidence:
        if fault := _fault(own):
            raise VersionError(f"{path.name} contradicts itself: {fault}", _HINT)
    return evidence


def _fault(own: Evidence) -> str:
    """What can't be true of it, as the end of a sentence; empty when nothing."""
    if not all(map(_SHA256.fullmatch, (own.prompts_sha256, own.baseline_sha256))):
        return "a hash of prompts is not 64 hex digits"
    if any(len(text) > _LONGEST for text in (own.date, own.baseline, own.dataset, own.model, *own.joint)):
        return f"a text has more than {_LONGEST:,} characters"
    if own.kind == "evaluation" and own.figures.word != "not enough evidence":
        low, high = own.figures.interval or (-1.0, 1.0)
        # Rounded to six places, an end may have become 0.
        if low < 0 if own.figures.word == "better" else high > 0:
            return f"it says {own.figures.word}, and its interval does not"
    return next(filter(None, map(_figures_fault, (own.figures, *(part.figures for part in own.slices)))), "")


def _figures_fault(own: Figures) -> str:
    if min(own.n, own.wins, own.losses, own.ties) < 0 or own.wins + own.losses + own.ties != own.n:
        return f"{own.wins} won, {own.losses} lost and {own.ties} tied are not {own.n}"
    if not 0 <= own.p <= 1 or not all(map(math.isfinite, own.interval or ())):
        return "a figure is out of its range"
    if own.word != "not enough evidence" and own.p > _LEVEL:
        return f"it says {own.word} with p = {own.p:.2g}; at most {_LEVEL} allows that"
    return ""
