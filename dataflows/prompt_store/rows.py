"""The rows of a prompt store as records, in SQL that SQLite and PostgreSQL read alike."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dataflows.prompt_store.database import Row, Run
from dataflows.prompt_store.records import LabelMove, PromptStoreError, StoredVersion, content_sha256, to_json

_VERSION = "dataflow, number, texts, model, content_sha256, reason, author, source, created_at"
_MOVE = "id, dataflow, label, before, after, at, moved_by, why, undoes"
_UNDONE = "EXISTS (SELECT 1 FROM prompt_label_moves later WHERE later.undoes = prompt_label_moves.id)"


def dataflows(run: Run) -> list[str]:
    """Names of the dataflows that have versions, sorted."""
    return sorted(str(row[0]) for row in run("SELECT DISTINCT dataflow FROM prompt_versions"))


def versions(run: Run, dataflow: str) -> list[StoredVersion]:
    """All versions, by rising number."""
    found = run(f"SELECT {_VERSION} FROM prompt_versions WHERE dataflow = :dataflow ORDER BY number", dataflow=dataflow)  # noqa: S608 the columns stand above
    return [_version(row) for row in found]


def version(run: Run, dataflow: str, number: int) -> StoredVersion | None:
    """One version."""
    found = run(
        f"SELECT {_VERSION} FROM prompt_versions WHERE dataflow = :dataflow AND number = :number",  # noqa: S608 the columns stand above
        dataflow=dataflow,
        number=number,
    )
    return _version(found[0]) if found else None


def last_number(run: Run, dataflow: str) -> int:
    """The highest number; 0 where there is no version."""
    found = run("SELECT max(number) FROM prompt_versions WHERE dataflow = :dataflow", dataflow=dataflow)
    return _integer(found[0][0]) or 0


def number_of(run: Run, dataflow: str, content: str) -> int | None:
    """The version with this content, see content_sha256."""
    found = run(
        "SELECT number FROM prompt_versions WHERE dataflow = :dataflow AND content_sha256 = :content",
        dataflow=dataflow,
        content=content,
    )
    return _integer(found[0][0]) if found else None


def insert_version(run: Run, made: StoredVersion) -> None:
    """Add it."""
    run(
        f"INSERT INTO prompt_versions ({_VERSION}) VALUES"  # noqa: S608 the columns stand above
        " (:dataflow, :number, :texts, :model, :content, :reason, :author, :source, :created_at)",
        dataflow=made.dataflow,
        number=made.number,
        texts=to_json(made.texts),
        model=to_json(made.model),
        content=content_sha256(made.texts, made.model),
        reason=made.reason,
        author=made.author,
        source=made.source,
        created_at=made.created_at.isoformat(),
    )


def labels(run: Run, dataflow: str) -> dict[str, int]:
    """Label -> number, by label: where its last move went."""
    found = run(
        "SELECT label, after FROM prompt_label_moves WHERE id IN"
        " (SELECT max(id) FROM prompt_label_moves WHERE dataflow = :dataflow GROUP BY label)",
        dataflow=dataflow,
    )
    return {str(label): int(str(number)) for label, number in sorted(found, key=lambda row: str(row[0]))}


def moves(run: Run, dataflow: str, label: str, most: int = 1_000_000) -> list[LabelMove]:
    """Moves of one label, or of all where it is empty, the newest first."""
    found = run(
        f"SELECT {_MOVE}, {_UNDONE} FROM prompt_label_moves"  # noqa: S608 the columns stand above
        " WHERE dataflow = :dataflow AND (label = :label OR :every = 1) ORDER BY id DESC LIMIT :most",
        dataflow=dataflow,
        label=label,
        every=int(not label),
        most=most,
    )
    return [_move(row) for row in found]


def insert_move(run: Run, move: LabelMove) -> None:
    """Add a line to the log."""
    run(
        f"INSERT INTO prompt_label_moves ({_MOVE}) VALUES"  # noqa: S608 the columns stand above
        " (:id, :dataflow, :label, :before, :after, :at, :moved_by, :why, :undoes)",
        id=move.id,
        dataflow=move.dataflow,
        label=move.label,
        before=move.before,
        after=move.after,
        at=move.at.isoformat(),
        moved_by=move.by,
        why=move.why,
        undoes=move.undoes,
    )


def next_move_id(run: Run) -> int:
    """One above every move's."""
    return (_integer(run("SELECT max(id) FROM prompt_label_moves")[0][0]) or 0) + 1


def _version(row: Row) -> StoredVersion:
    dataflow, number, texts, model, content, reason, author, source, created_at = map(str, row)
    try:
        read: tuple[Mapping[str, str], Mapping[str, Any]] = (json.loads(texts), json.loads(model))
        is_whole = content_sha256(*read) == content
        at = datetime.fromisoformat(created_at)
    except (TypeError, ValueError) as error:
        raise PromptStoreError(f"v{number} of {dataflow} can't be read: its row was written by hand") from error
    if not is_whole:
        raise PromptStoreError(f"v{number} of {dataflow} was changed inside the database: its hash is another one")
    return StoredVersion(dataflow, int(number), read[0], reason, author, read[1], source, at)


def _move(row: Row) -> LabelMove:
    number, dataflow, label, before, after, at, by, why, undoes, is_undone = row
    return LabelMove(
        id=int(str(number)),
        dataflow=str(dataflow),
        label=str(label),
        before=_integer(before),
        after=int(str(after)),
        at=datetime.fromisoformat(str(at)),
        by=str(by),
        why=str(why),
        undoes=_integer(undoes),
        is_undone=bool(is_undone),
    )


def _integer(value: object) -> int | None:
    return None if value is None else int(str(value))
