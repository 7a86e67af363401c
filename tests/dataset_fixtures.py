"""A copy of the project that tests may write datasets into, as fixtures; a test file has them by pytest_plugins."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import Desk
from workbench import settings

pytest_plugins = ["tests.page_fixtures"]


@pytest.fixture
def team(tmp_path, desk) -> Iterator[tuple[Path, Desk]]:
    """The folder of a project with our dataflows and prompts, and a workspace in it."""
    root = tmp_path / "team"
    for name in ("dataflows", "prompts"):
        shutil.copytree(settings.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings.open_project(root)
    yield root, Desk(settings.home(), desk.endpoint)
    settings.open_project(settings.ROOT)
