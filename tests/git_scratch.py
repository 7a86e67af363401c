"""A git repository to spoil."""

import os
import subprocess
from pathlib import Path

from workbench.git.repository import Repository

FOLDER = "prompts/summarization"
PREFIX = "prompts/summarization-v"


class Scratch:
    """A repository whose author is known; made with files of two versions."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", "--template=", *options)
        with (root / ".git" / "config").open("a") as config:
            config.write("[user]\n\tname = Ada\n\temail = ada@example.org\n")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        """What git says, asked by the tests themselves, which must not change anything by asking."""
        line = ["git", "-C", str(at or self.root), *arguments]
        environment = os.environ | {"GIT_OPTIONAL_LOCKS": "0"}
        done = subprocess.run(line, capture_output=True, check=True, env=environment)
        return done.stdout.decode("utf-8", "surrogateescape")

    def write(self, path: str, content: bytes = b"") -> Path:
        """A file of the checkout."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content or path.encode())
        return file

    def commit(self, *paths: str) -> str:
        """A commit of these new files, each with its path as content; its id."""
        for path in paths:
            self.write(path)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"Add {' '.join(paths)}")
        return self.git("rev-parse", "HEAD").strip()

    def of(self, folder: str = ".") -> Repository:
        """The same as the workbench has it."""
        return Repository.of(self.root / folder)

    def state(self) -> dict[str, object]:
        """All that an export must not change: the bytes and times of each file, and what git says of them."""
        files = {}
        for path in sorted(self.root.rglob("*")):
            parts = path.relative_to(self.root).parts
            if path.is_file() and not {"objects", "logs", "refs"} & set(parts):
                # Whoever reads a split index sets the time of its larger half, so that it is not cleared away.
                time = None if path.name.startswith("sharedindex.") else path.lstat().st_mtime_ns
                files[parts] = (path.read_bytes(), time)
        asked = ["status --porcelain -uall", "stash list", "symbolic-ref -q HEAD", "rev-parse main", "reflog HEAD"]
        return {"files": files} | {line: self.answer(*line.split()) for line in asked}

    def answer(self, *arguments: str) -> str:
        """What git says, or that it says no."""
        try:
            return self.git(*arguments)
        except subprocess.CalledProcessError as error:
            return f"code {error.returncode}"

    def branches(self) -> list[str]:
        """The branches that are there."""
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()
