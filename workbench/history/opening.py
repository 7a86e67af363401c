"""A run out of the history, as it was."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from workbench.errors import HistoryError
from workbench.history import tables
from workbench.history.code_state import CodeState
from workbench.history.kept import RunRow
from workbench.history.listing import row_of
from workbench.history.texts import places_of, unpacked, with_texts
from workbench.records import Experiment, Run, Version
from workbench.state.record_json import from_value


@dataclass(frozen=True)
class OpenedRun:
    """A run with everything there is of it."""

    row: RunRow
    run: Run
    experiment: Experiment | None
    """With this run's variant and document only; None for a run that a service sent."""
    versions: Mapping[str, Version]
    """Those that took part, as they were."""
    code: CodeState
    told: Mapping[str, Any]
    """What a service said of it; empty for others."""
    inputs: Mapping[str, Any]
    """All it had: what was given, and defaults of the rest."""


def open_run(connection: Connection, run_id: str) -> OpenedRun:
    """A run by its id.

    Raises:
        HistoryError: There is none, or what is kept of it can't be read.
    """
    row = row_of(connection, run_id)
    if row is None:
        raise HistoryError(f"The history has no run {run_id[:60]!a}.", "It may have been deleted.")
    data = connection.execute(select(tables.BODY.c.body).where(tables.BODY.c.seq == row.seq)).scalar()
    try:
        body = json.loads(zlib.decompress(data or b"").decode("utf-8", "surrogatepass"))
        whole = with_texts(body, _texts(connection, sorted(set(places_of(body)))))
        return _opened(row, whole)
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise HistoryError(f"Run {row.id} can't be read any more: {type(error).__name__}.") from error


def text_of(connection: Connection, sha256: str) -> str | None:
    """A text by its SHA-256."""
    data = connection.execute(select(tables.TEXT.c.data).where(tables.TEXT.c.sha256 == sha256)).scalar()
    return unpacked(data) if data is not None else None


def prompts_of(connection: Connection, rows: Sequence[RunRow]) -> dict[int, dict[str, str]]:
    """Number of the run -> node -> SHA-256 of its prompt; of runs that came to one."""
    prompt = tables.PROMPT.c
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(rows), 500):
        seqs = [row.seq for row in rows[start : start + 500]]
        query = select(prompt.seq, prompt.node, prompt.sha256).where(prompt.seq.in_(seqs))
        for own in connection.execute(query):
            found.setdefault(own.seq, {})[own.node] = own.sha256
    return found


def texts_of(connection: Connection, rows: Sequence[RunRow]) -> list[tuple[str, dict[str, str]]]:
    """Output and prompts (node -> text) of each run; empty where a text is not kept."""
    prompts = prompts_of(connection, rows)
    hashes = {row.output_sha256 for row in rows} | {own for named in prompts.values() for own in named.values()}
    texts = _texts(connection, sorted(hashes - {""}))
    return [
        (
            texts.get(row.output_sha256, ""),
            {name: texts[own] for name, own in prompts.get(row.seq, {}).items() if own in texts},
        )
        for row in rows
    ]


def _texts(connection: Connection, hashes: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(hashes), 500):
        wanted = tables.TEXT.c.sha256.in_(hashes[start : start + 500])
        rows = connection.execute(select(tables.TEXT.c.sha256, tables.TEXT.c.data).where(wanted))
        found |= {row.sha256: unpacked(row.data) for row in rows}
    return found


def _opened(row: RunRow, body: Mapping[str, Any]) -> OpenedRun:
    run = from_value(body["run"], Run)
    if body["kind"] != "run":
        return OpenedRun(row, run, None, {}, CodeState(git_sha=row.git_sha, git_dirty=row.git_dirty), body["told"], {})
    versions = {label: from_value(own, Version) for label, own in body["versions"].items()}
    experiment = from_value(body["experiment"], Experiment)
    inputs = {**body["defaults"], **experiment.inputs, **experiment.variants[0].inputs}
    return OpenedRun(row, run, experiment, versions, CodeState(**body["code"]), {}, inputs)
