"""A copy of the project in a git repository of its own, and commands run in it."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from tests.endpoint import FakeEndpoint
from workbench.settings import ROOT

_COPIED = ("workbench", "dataflows", "prompts")
_CHILD = Path(__file__).with_name("shell_child.py")
_LONGEST_SECONDS = 90.0


class ScratchProject:
    """The project's code under a folder, committed on main, and a shell in it.

    Args:
        folder: An empty one.
        endpoint: Who answers; None: nobody, and no key.
    """

    def __init__(self, folder: Path, endpoint: FakeEndpoint | None = None) -> None:
        self.root = folder / "project"
        self.home = folder / "home"
        self.endpoint = endpoint
        for name in _COPIED:
            # With the bytecode that is there: each command would compile everything anew.
            shutil.copytree(ROOT / name, self.root / name)
        (self.root / ".gitignore").write_text("__pycache__/\n")
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "ada@example.org")
        self.git("config", "user.name", "Ada")
        self.commit("base")

    def __enter__(self) -> Self:
        self._shell = subprocess.Popen(
            [sys.executable, str(_CHILD)],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._shell.communicate()

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

    def restore(self, commit: str) -> None:
        """Have main and the checkout as they were at a commit, no other branch, and nothing that was run."""
        self.git("checkout", "-q", "-f", "-B", "main", commit)
        self.git("clean", "-q", "-f", "-d")
        for branch in self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split():
            if branch != "main":
                self.git("branch", "-q", "-D", branch)
        shutil.rmtree(self.home, ignore_errors=True)

    def run(self, *arguments: str, endpoint: bool = True) -> tuple[int, str, str]:
        """Exit code, standard output and error of `python -m workbench`.

        Args:
            endpoint: Whether the command knows where to ask; without, it has no key and no address.
        """
        environment = self._environment()
        if endpoint and self.endpoint:
            environment |= {"OPENAI_BASE_URL": self.endpoint.url, "WORKBENCH_MODEL": "fake"}
        said = [self.root.parent / name for name in ("output", "problem")]
        command = {"arguments": arguments, "environment": environment, "output": str(said[0]), "problem": str(said[1])}
        limit = threading.Timer(_LONGEST_SECONDS, self._shell.kill)
        limit.start()
        try:
            self._shell.stdin.write(json.dumps(command) + "\n")
            self._shell.stdin.flush()
            code = int(self._shell.stdout.readline())
        finally:
            limit.cancel()
        return code, *(path.read_text() for path in said)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKBENCH_"))}
        own = {"WORKBENCH_HOME": str(self.home), "HOME": str(self.root.parent)}
        # A file that is edited twice within a second may not be taken for its bytecode.
        return {**kept, **own, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
