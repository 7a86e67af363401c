"""Verdicts of evaluations that have ended, kept as small files of the state folder.

Files and no table of the history's: `evaluate` need not load SQLAlchemy, and a history that is away loses nothing.
"""

import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from workbench import settings
from workbench.errors import WorkbenchError
from workbench.evaluation.evidence import Evidence
from workbench.evaluation.outcome import Outcome
from workbench.evaluation.verdict_evidence import evidence_in
from workbench.git.repository import Repository
from workbench.records import Version
from workbench.state.record_json import from_value, to_value

SCHEMA = 1
FOLDER = "evaluations"
MOST_FILES = 200
"""Older ones are deleted."""
MOST_BYTES = 1_000_000
"""Of a file; a larger one is neither written nor read."""


@dataclass(frozen=True)
class KeptVerdict:
    """On one variant of an evaluation, and how it came to be."""

    dataflow: str
    label: str
    """Of the variant at that time."""
    evidence: Evidence
    ended_at: float
    """Seconds since the epoch."""
    by: str = ""
    """Whose evaluation it was."""
    workbench: str = ""
    """The commit of the workbench that judged; empty outside of git."""


def keep_verdicts(
    outcome: Outcome, versions: Mapping[str, Version], home: Path, by: str = "", ended_at: float | None = None
) -> Path | None:
    """Keep the verdicts of an evaluation; never fails, as what was judged is still to be reported.

    Args:
        outcome: Of the evaluation. One that was stopped, or has cells that have not ended, leaves nothing behind.
        versions: Label -> version, as they ran.
        home: The state folder.
        by: Who evaluates.
        ended_at: Seconds since the epoch; None: now.

    Returns:
        The file; None when there is nothing to keep, or it can't be written.
    """
    at = time.time() if ended_at is None else ended_at
    found = list(evidence_in(outcome, versions, at))
    if not found:
        return None
    dataflow, code = outcome.matrix.bases[0].dataflow, _commit()
    told = [KeptVerdict(dataflow, label, own, at, by, code) for label, own in found]
    content = json.dumps({"schema": SCHEMA, "verdicts": to_value(told)}, allow_nan=False).encode("ascii")
    folder = home / FOLDER
    path = folder / f"{int(at * 1000):015d}-{hashlib.sha256(content).hexdigest()[:12]}.json"
    waiting = folder / f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}"
    try:
        if len(content) > MOST_BYTES:
            raise OSError(f"{len(content):,} bytes; {MOST_BYTES:,} are the most")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        waiting.write_bytes(content)
        waiting.replace(path)  # whole or not at all, for who reads meanwhile
        for old in sorted(folder.glob("*.json"))[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        logging.getLogger(__name__).warning("the verdicts of the evaluation could not be kept: %s", error)
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        return None
    return path


def kept_verdicts(home: Path, dataflow: str, prompts_sha256: str, baseline_sha256: str) -> list[KeptVerdict]:
    """What was found of exactly these prompts against exactly those, the newest first.

    Of several evaluations on a dataset of one name with one model, the newest counts; how many came to another word is
    counted in it.

    Args:
        home: The state folder.
        dataflow: Whose prompts they are.
        prompts_sha256: Of the prompts; empty: there is nothing to be found.
        baseline_sha256: Of those they are held against.
    """
    if not prompts_sha256 or not baseline_sha256 or prompts_sha256 == baseline_sha256:
        return []
    wanted = (dataflow, prompts_sha256, baseline_sha256)
    found: dict[tuple[str, str], KeptVerdict] = {}
    for path in sorted((home / FOLDER).glob("*.json"), reverse=True):
        for own in _read(path, prompts_sha256):
            told = own.evidence
            if (own.dataflow, told.prompts_sha256, told.baseline_sha256) != wanted:
                continue
            key = (told.dataset, told.model)
            newest = found.setdefault(key, own)
            if newest.evidence.figures.word != told.figures.word:
                more = replace(newest.evidence, otherwise=newest.evidence.otherwise + 1)
                found[key] = replace(newest, evidence=more)
    return list(found.values())


def _read(path: Path, mentioned: str) -> list[KeptVerdict]:
    """The file's verdicts; none of a file that makes no sense, or doesn't mention the hash."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return []
        content = path.read_text("ascii")
        if mentioned not in content:
            return []  # most files are of other prompts, and need no parsing
        value = json.loads(content)
        return from_value(value["verdicts"], list[KeptVerdict]) if value["schema"] == SCHEMA else []
    except Exception:  # noqa: BLE001 - cattrs raises groups of many kinds, and a file may hold anything
        return []


def _commit() -> str:
    try:
        return Repository.of(settings.ROOT).head().sha
    except WorkbenchError:
        return ""
