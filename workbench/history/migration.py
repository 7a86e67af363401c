"""Bring a database to the tables of this code, whoever else does so at the same time."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from workbench.errors import HistoryError

_FOLDER = Path(__file__).with_name("migrations")
_NEWEST = "0002"
"""The last file of migrations/versions; one that is there already needs no Alembic, which takes a fifth of a second."""
_LOCK = 7_263_015_921
"""Of PostgreSQL's advisory locks, any number nobody else takes."""


def migrate(engine: Engine) -> None:
    """Done at once where the tables are this code's.

    Raises:
        HistoryError: They are of a later version of this code.
    """
    with engine.connect() as connection, connection.execution_options(reading=True).begin():
        if _revision(connection) == _NEWEST:
            return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = _revision(connection)
        if found > _NEWEST:
            raise HistoryError(f"The history has the tables of step {found}; this code knows up to {_NEWEST}.")
        if found < _NEWEST:
            _upgrade(connection)


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else ""


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
