"""A/B tests in each database, as fixtures; a test file has them by pytest_plugins."""

import pytest

from dataflows.ab import ABDatabase, ABTests, LiveTests

pytest_plugins = ["tests.history_fixtures"]


@pytest.fixture
def tests(database_url):
    """None yet."""
    made = ABTests(ABDatabase(database_url))
    yield made
    made.database.close()


@pytest.fixture
def file_tests(tmp_path):
    """None yet, in a SQLite file."""
    return ABTests(ABDatabase(tmp_path / "runs.db"))


@pytest.fixture
def live(tests, database_url):
    """A service's end of the tests."""
    made = LiveTests(database_url, key=b"secret")
    yield made
    made.flush(5)
