"""An empty history in each database, as fixtures; a test file has them by pytest_plugins."""

import pytest

from workbench.history.history import History
from workbench.history.spool import Spool

pytest_plugins = ["tests.postgres"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """Of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.db'}"
    server = request.getfixturevalue("postgres")
    return server.url(server.new_user())


@pytest.fixture
def history(database_url, tmp_path):
    """An empty history."""
    made = History(database_url, Spool(tmp_path / "waiting"))
    yield made
    made.close()
