"""The inbox: a table in the workbench's database, to which services add runs and from which its history takes them.

It needs SQLAlchemy, which is imported with this module.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Double, Integer, LargeBinary, MetaData, String, Table, text

_LOCK = 5_042_871_937
"""Of whoever makes the table, in PostgreSQL's space of advisory locks; a number nobody else is likely to take."""

TRACKED_RUN = Table(
    "tracked_run",
    MetaData(),
    # A number is never used again: who takes a run away by it must not take another one's.
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("received_at", Double, nullable=False),
    Column("dataflow", String(200), nullable=False),
    Column("source", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)


def make_tables(connection: Connection) -> None:
    """Make the inbox where there is none, inside of a transaction; several processes may do so at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT CAST(pg_advisory_xact_lock(:lock) AS TEXT)"), {"lock": _LOCK})
    TRACKED_RUN.create(connection, checkfirst=True)


def row_values(dataflow: str, source: str, body: str, received_at: float) -> dict[str, Any]:
    """Of a row; names as ASCII, since no database takes NUL or half characters as text."""
    return {
        "received_at": received_at,
        "dataflow": _ascii(dataflow),
        "source": _ascii(source),
        "body": body.encode("ascii"),
    }


def _ascii(name: str) -> str:
    return name.replace("\0", "?").encode("ascii", "backslashreplace").decode()[:200]
