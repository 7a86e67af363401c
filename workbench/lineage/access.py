"""A way into the history's database for questions that only this room asks."""

from contextlib import AbstractContextManager

from sqlalchemy import Connection

from workbench.history.history import History


def reading(history: History) -> AbstractContextManager[Connection]:
    """A connection for reading; it waits for nobody.

    Raises:
        HistoryError: The database can't be asked.
    """
    return history._database.reading()
