"""A copy of the project in a git repository of its own, and commands run in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.endpoint import FakeEndpoint
from workbench.settings import ROOT

_COPIED = ("workbench", "dataflows", "prompts")


class ScratchProject:
    """The project's code under a folder, committed on main.

    Args:
        folder: An empty one.
        endpoint: Who answers; None: nobody, and no key.
    """

    def __init__(self, folder: Path, endpoint: FakeEndpoint | None = None) -> None:
        self.root = folder / "project"
        self.home = folder / "home"
        self.endpoint = endpoint
        for name in _COPIED:
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (self.root / ".gitignore").write_text("__pycache__/\n")
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "ada@example.org")
        self.git("config", "user.name", "Ada")
        self.commit("base")

    def git(self, *arguments: str) -> str:
        """What git says, without the last newline."""
        environment = {**os.environ, "HOME": str(self.root.parent), "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.rstrip("\n")

    def commit(self, message: str) -> None:
        """Commit all there is."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def run(self, *arguments: str, endpoint: bool = True) -> tuple[int, str, str]:
        """Exit code, standard output and error of `python -m workbench`.

        Args:
            endpoint: Whether the command knows where to ask; without, it has no key and no address.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKBENCH_"))}
        environment = {**kept, "WORKBENCH_HOME": str(self.home), "HOME": str(self.root.parent)}
        environment |= {"PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
        if endpoint and self.endpoint:
            environment |= {"OPENAI_BASE_URL": self.endpoint.url, "WORKBENCH_MODEL": "fake"}
        command = [sys.executable, "-m", "workbench", *arguments]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=90)
        return done.returncode, done.stdout, done.stderr
