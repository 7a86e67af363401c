"""The database of a prompt store: opened anew for each use, so that threads, forks and its restarts don't matter."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from dataflows.prompt_store.records import PromptStoreError, StoreUnavailableError
from dataflows.prompt_store.tables import Dialect, steps

Row = Sequence[object]
Run = Callable[..., list[Row]]
"""Runs one statement with its values as named arguments (":name" in the SQL) and gives its rows."""


class Database(ABC):
    """A SQLite file or a PostgreSQL database."""

    dialect: Dialect
    place: str
    """What messages call it; without its password."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Run]:
        """For reading only; nothing is made that isn't there.

        Raises:
            StoreUnavailableError: It can't be asked.
        """

    @abstractmethod
    def writing(self, *, create: bool = True) -> AbstractContextManager[Run]:
        """One transaction, alone among all writers of all processes; undone when an error leaves it.

        Args:
            create: Whether a file that isn't there is made.

        Raises:
            StoreUnavailableError: It can't be asked.
        """

    @abstractmethod
    def has_table(self, run: Run, name: str) -> bool:
        """Whether there is such a table."""

    def schema(self, run: Run, known: int = 0) -> int:
        """The schema it is in; 0 where it has none of our tables.

        Args:
            run: Of reading() or writing().
            known: The last schema that is understood; by default the last of ours.

        Raises:
            PromptStoreError: It is of a later version of this code.
        """
        if not self.has_table(run, "prompt_store_schema"):
            return 0
        found, last = (
            int(str(run("SELECT max(version) FROM prompt_store_schema")[0][0])),
            known or len(steps(self.dialect)),
        )
        if found > last:
            raise PromptStoreError(f"the prompt store {self.place} has schema {found}; this code knows up to {last}")
        return found

    def migrate(self, run: Run, to: Sequence[Sequence[str]] = ()) -> None:
        """Bring it to the last schema, inside of a transaction.

        Args:
            run: Of writing().
            to: The steps; by default ours.
        """
        there = self.schema(run, len(to))
        for version, statements in enumerate(to or steps(self.dialect), start=1):
            if version <= there:
                continue
            if version == 1:
                run("CREATE TABLE prompt_store_schema (version INTEGER PRIMARY KEY)")
            for statement in statements:
                run(statement)
            run("INSERT INTO prompt_store_schema (version) VALUES (:version)", version=version)


def database_at(url: str | Path) -> Database:
    """The database at "sqlite:///relative/path", "sqlite:////absolute/path", a plain path, or "postgresql://…".

    Raises:
        PromptStoreError: The address is none of these.
        StoreUnavailableError: It is PostgreSQL, and the package for it isn't installed.
    """
    # Imported here, as both build on this module.
    from dataflows.prompt_store.sqlite import SQLiteFile

    scheme, separator, rest = str(url).partition("://")
    if not separator and str(url).strip():
        return SQLiteFile(Path(url))
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1 and rest != "/:memory:":
        return SQLiteFile(Path(rest[1:]))
    if scheme in ("postgresql", "postgres"):
        from dataflows.prompt_store.postgresql import PostgreSQL

        return PostgreSQL(str(url))
    raise PromptStoreError("a prompt store's address is a path, sqlite:///path or postgresql://user@host/database")


def unavailable(place: str, why: str) -> StoreUnavailableError:
    """The error for a database that can't be asked."""
    return StoreUnavailableError(f"the prompt store {place} can't be asked: {why}")
