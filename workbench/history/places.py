"""Where a project's history is, and who is at work."""

import getpass
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import settings
from workbench.git.commands import ask_git
from workbench.git.failures import GitError
from workbench.history.spool import Spool

if TYPE_CHECKING:
    from workbench.history.history import History

_LONGEST = 120


def open_history(environment: Mapping[str, str] = os.environ) -> "History":
    """The history of the opened project: at DATABASE_URL, else a SQLite file in the state folder.

    Raises:
        HistoryError: DATABASE_URL makes no sense.
    """
    from workbench.history.history import (
        History,
    )  # SQLAlchemy takes a third of a second, which a command need not wait for

    return History(environment.get("DATABASE_URL", "").strip() or settings.home() / "history.db", spool())


def spool() -> Spool:
    """Where runs of the opened project wait until the history takes them in."""
    return Spool(settings.home() / "runs-waiting")


def person(environment: Mapping[str, str] = os.environ) -> str:
    """Who is at work here: WORKBENCH_USER, else the name git has, else the login name, else "somebody"."""
    return environment.get("WORKBENCH_USER", "").strip()[:_LONGEST] or _person(settings.project())


@cache
def _person(root: Path) -> str:
    try:
        named = (ask_git(root, "config", "user.name") or b"").decode("utf-8", "replace").strip()
    except GitError:
        named = ""
    try:
        return (named or getpass.getuser())[:_LONGEST]
    except (OSError, KeyError):  # a container's user has no name
        return "somebody"
