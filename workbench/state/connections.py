"""Connections to one database file, which may be replaced or found damaged at any time."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from workbench.state.database import connect

_T = TypeVar("_T")
_File = tuple[int, int] | None


class Connections:
    """As many connections as threads use at the same time, each used by one at a time.

    A file that was removed or replaced meanwhile is followed: what is written goes where the path leads now. A damaged
    file is set aside as <name>.damaged, in the place of an earlier one, and a new one takes its place.

    Args:
        path: Made when missing.
        prepare: Done once on each new connection, to make the tables for example.
    """

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        self._path = path
        self._prepare = prepare
        self._idle: list[tuple[_File, sqlite3.Connection]] = []

    def do(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What the work gives; done again from its beginning on a new file when this one turns out damaged."""
        file = self._file()
        try:
            with self._one(file) as connection:
                return work(connection)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._set_aside(file, error)
        with self._one(self._file()) as connection:
            return work(connection)

    @contextmanager
    def _one(self, file: _File) -> Iterator[sqlite3.Connection]:
        opened, connection = self._at_hand(file) or self._new()
        try:
            yield connection
        except BaseException:
            connection.close()  # nobody knows what the error left behind
            raise
        self._idle.append((opened, connection))

    def _at_hand(self, file: _File) -> tuple[_File, sqlite3.Connection] | None:
        while self._idle:
            try:
                opened, connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if opened == file:
                return opened, connection
            connection.close()
        return None

    def _new(self) -> tuple[_File, sqlite3.Connection]:
        connection = connect(self._path)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return self._file(), connection

    def _file(self) -> _File:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            return None
        return facts.st_dev, facts.st_ino

    def _set_aside(self, damaged: _File, error: sqlite3.DatabaseError) -> None:
        """The log goes first: left behind, it would be played into the new file."""
        if self._file() != damaged:
            return  # another thread or process was quicker
        aside = self._path.with_name(f"{self._path.name}.damaged")
        logging.getLogger(__name__).warning(
            "%s is damaged (%s): it is set aside as %s, and a new one takes its place",
            self._path.name,
            error,
            aside.name,
        )
        for ending in ("-wal", "-shm", ""):
            part = self._path.with_name(self._path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
