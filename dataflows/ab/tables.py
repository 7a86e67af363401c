"""The tables of A/B tests, in the workbench's database; it needs SQLAlchemy, which is imported with this module."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

_LOCK = 6_170_443_289
"""Of whoever makes the tables, in PostgreSQL's space of advisory locks; a number nobody else is likely to take."""
_METADATA = MetaData()
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")

VERSION = Table(
    "ab_test_version",
    _METADATA,
    Column("test", String(80), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""Rows are added and never changed: the last one of a test is what holds."""

EXPOSURE = Table(
    "ab_exposure",
    _METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("test", String(80), nullable=False),
    Column("unit", String(32), nullable=False),  # see unit_hash
    Column("occasion", String(32), nullable=False),  # the day in UTC, or the hash of a request's id
    Column("arm", String(80), nullable=False),
    Column("at", Double, nullable=False),  # seconds since 1970-01-01 UTC
    UniqueConstraint("test", "unit", "occasion"),
    Index("ab_exposure_first", "test", "unit", "at"),
)

OUTCOME = Table(
    "ab_outcome",
    _METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("test", String(80), nullable=False),
    Column("name", String(80), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("value", Double, nullable=False),  # 0 to 1
    Column("at", Double, nullable=False),
    UniqueConstraint("test", "name", "unit"),
)


def make_tables(connection: Connection) -> None:
    """Make them where there are none, inside of a transaction; several processes may do so at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT CAST(pg_advisory_xact_lock(:lock) AS TEXT)"), {"lock": _LOCK})
    _METADATA.create_all(connection, checkfirst=True)
