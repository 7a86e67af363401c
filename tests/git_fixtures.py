"""Git repositories to spoil, as fixtures; a test file has them by pytest_plugins."""

import os

import pytest

from tests.git_scratch import FOLDER, Scratch


@pytest.fixture
def no_settings(tmp_path, monkeypatch):
    """Nobody's own git settings reach a test, and temporary files can be counted.

    Asked for by each module, and not autouse: as a plugin's, that would hold for every test of the run.
    """
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("EMAIL", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)


@pytest.fixture
def empty(tmp_path, no_settings):
    """A repository without a commit."""
    return Scratch(tmp_path / "repository")


@pytest.fixture
def scratch(empty):
    """A repository with two versions in one commit."""
    empty.commit("README.md", f"{FOLDER}/prompts_v1.py", f"{FOLDER}/prompts_v2.py")
    return empty
