"""Modules run one after the other in fresh processes, without keys and within a time limit."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_CHILD = Path(__file__).with_name("fresh_run_child.py")
# No key of ours reaches code that a pull request brings.
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG")


def run_each(root: Path, jobs: Sequence[Mapping[str, Any]], seconds_limit: float) -> dict[str, Mapping[str, Any]]:
    """Path of a module -> what came of it: an answer of the child, or {"ended": why there is none}.

    One process does all. When it ends early, the module at which it did has no answer, and another one does the rest.

    Args:
        root: The project, whose dataflows are used.
        jobs: Each with "path", relative to root, and what else the child asks for.
        seconds_limit: For each process.
    """
    answers: dict[str, Mapping[str, Any]] = {}
    while waiting := [job for job in jobs if job["path"] not in answers]:
        lines, ended = _run(root, waiting, seconds_limit)
        for line in lines:
            answer = json.loads(line)
            answers[answer["path"]] = answer
        # A process that dies costs one module its answer, so that this comes to an end.
        if stuck := next((job["path"] for job in waiting if job["path"] not in answers), None):
            answers[stuck] = {"ended": ended}
    return answers


def _run(root: Path, jobs: Sequence[Mapping[str, Any]], seconds_limit: float) -> tuple[list[bytes], str]:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"
    request = {"root": str(root.resolve()), "workbench": str(_CHILD.parents[2]), "jobs": jobs}
    try:
        # -I: nothing of the user's Python settings; -B: no cached bytecode beside the modules.
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD)],
            input=json.dumps(request).encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds_limit,
            env=environment,
            check=False,
        )
        output, ended = done.stdout, f"the process that runs it ended with code {done.returncode} and no answer"
    except subprocess.TimeoutExpired as error:
        output, ended = error.stdout or b"", f"it gave no answer within {seconds_limit:g} seconds"
    return [line for line in output.splitlines(keepends=True) if line.endswith(b"\n")], ended
