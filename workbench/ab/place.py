"""Where the opened project's A/B tests are: in the database of its history."""

import os
from collections.abc import Mapping

from dataflows.ab import ABDatabase, ABTests
from workbench import settings


def tests_address(environment: Mapping[str, str] = os.environ) -> str:
    """DATABASE_URL, else history.db in the state folder."""
    return environment.get("DATABASE_URL", "").strip() or str(settings.home() / "history.db")


def open_tests(address: str) -> ABTests:
    """The tests in a database; nothing is opened yet."""
    return ABTests(ABDatabase(address))
