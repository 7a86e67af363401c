"""The tables of a prompt store, as steps from one schema to the next; rows are added, never changed or taken away.

A label has no row of its own: it points where its last move went, so that label and log can't contradict each other.
"""

from typing import Literal

Dialect = Literal["sqlite", "postgresql"]

_TABLES = """
CREATE TABLE prompt_versions (
    dataflow TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    texts TEXT NOT NULL,
    model TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (dataflow, number),
    UNIQUE (dataflow, content_sha256)
);
CREATE TABLE prompt_label_moves (
    id INTEGER PRIMARY KEY,
    dataflow TEXT NOT NULL,
    label TEXT NOT NULL,
    before INTEGER,
    after INTEGER NOT NULL,
    at TEXT NOT NULL,
    moved_by TEXT NOT NULL,
    why TEXT NOT NULL,
    undoes INTEGER UNIQUE REFERENCES prompt_label_moves (id),
    FOREIGN KEY (dataflow, after) REFERENCES prompt_versions (dataflow, number)
);
CREATE INDEX prompt_label_moves_of ON prompt_label_moves (dataflow, label, id)
"""
_REFUSAL = "a stored version or move is never changed or deleted"


def _sqlite_guards() -> list[str]:
    guards = []
    keys = {
        "prompt_versions": "dataflow = NEW.dataflow AND (number = NEW.number OR content_sha256 = NEW.content_sha256)",
        "prompt_label_moves": "id = NEW.id OR undoes = NEW.undoes",
    }
    for table, same in keys.items():
        # REPLACE deletes the old row without asking the triggers of a DELETE.
        replacing = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 nothing in it comes from outside
        for event, condition in (("UPDATE", ""), ("DELETE", ""), ("INSERT", replacing)):
            guards.append(
                f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
    return guards


def _postgresql_guards() -> list[str]:
    refuse = f"BEGIN RAISE EXCEPTION '{_REFUSAL}'; END"
    guards = [f"CREATE FUNCTION prompt_store_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$"]
    for table in ("prompt_versions", "prompt_label_moves"):
        guards.append(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION prompt_store_refuse()"
        )
    return guards


def steps(dialect: Dialect) -> list[list[str]]:
    """The statements that lead from schema 0 (nothing) to 1, from 1 to 2, …; a step is never edited once released."""
    guards = _sqlite_guards() if dialect == "sqlite" else _postgresql_guards()
    return [[*_TABLES.split(";"), *guards]]
