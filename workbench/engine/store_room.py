"""The room that the call store takes on disk, and how it gets smaller."""

import sqlite3

from workbench.state.database import patience, pragma, writing

_ANSWERS_PER_DELETE = 2000
_ROOM_LEFT = 0.9
_CHECKPOINT_SECONDS = 1.0


def bytes_used(connection: sqlite3.Connection) -> int:
    """What the pages in use take on disk."""
    pages = pragma(connection, "page_count") - pragma(connection, "freelist_count")
    return pages * pragma(connection, "page_size")


def goal_of(limit: int) -> int:
    """What a store over its limit is brought down to, in bytes: well under it, so that this is done seldom."""
    return int(limit * _ROOM_LEFT)


def drop_oldest(connection: sqlite3.Connection, most_bytes: int) -> bool:
    """Forget answers, those used longest ago first, towards this size; whether it has to be done again.

    Some at a time, as others wait to write.
    """
    with writing(connection):
        over = bytes_used(connection) - most_bytes
        if over <= 0:
            return False
        page = pragma(connection, "page_size")
        ids = []
        oldest = "SELECT id, length(value) FROM call JOIN answer USING (id) ORDER BY used_at, id LIMIT ?"
        for number, length in connection.execute(oldest, [_ANSWERS_PER_DELETE]).fetchall():
            if over <= 0:
                break
            ids.append((number,))
            over -= (length // page + 1) * page  # at least what it frees, so that never too many go
        ids.sort()  # neighbours lie in the same page
        connection.executemany("DELETE FROM answer WHERE id = ?", ids)
        connection.executemany("DELETE FROM call WHERE id = ?", ids)
        connection.execute("UPDATE tally SET answers = answers - ?, changes = changes + 1", [len(ids)])
        return bool(ids)


def shrink_file(connection: sqlite3.Connection, most_bytes: int) -> None:
    """Give pages that are free back to the disk until the file has at most this size."""
    pages = pragma(connection, "page_count")
    spare = pages - most_bytes // pragma(connection, "page_size")
    if 2 * spare > pages:
        return rewrite_file(connection)
    if spare > 0:
        # As a script: a single statement stops after its first page.
        connection.executescript(f"PRAGMA incremental_vacuum({spare})")
    _shorten_log(connection)


def rewrite_file(connection: sqlite3.Connection) -> None:
    """Give all free pages back to the disk; quicker than page by page where less is left than goes."""
    connection.execute("VACUUM")
    _shorten_log(connection)


def _shorten_log(connection: sqlite3.Connection) -> None:
    """The file gets its new size when nobody reads its old pages any more; then, or at a later checkpoint."""
    with patience(connection, _CHECKPOINT_SECONDS):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
