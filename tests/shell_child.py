"""`python -m workbench`, many times from one process that has loaded it: started by tests/scratch_project.py.

It works in its current folder. For each JSON line it reads, with "arguments", "environment", "output" and "problem"
(two files), a fork of it runs that command as a shell would; the exit code is the line that it writes.
"""

import importlib
import json
import os
import runpy
import sys
from typing import NoReturn

_LOADED = (
    "openai.resources.chat",
    "workbench.check_command",
    "workbench.compare_command",
    "workbench.export_command",
    "workbench.gate.github_report",
    "workbench.gate.junit_report",
    "workbench.models.chat_client",
    "workbench.reading_ahead",
    "workbench.rollback_command",
)


def run(command: dict) -> NoReturn:
    """The command, in this process."""
    os.environ.clear()
    os.environ.update(command["environment"])
    for number, path, flags in [
        (0, os.devnull, os.O_RDONLY),
        (1, command["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, command["problem"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ]:
        os.dup2(os.open(path, flags), number)
    sys.argv = ["workbench", *command["arguments"]]
    runpy.run_module("workbench", run_name="__main__", alter_sys=True)
    sys.exit(0)


def main() -> None:
    """Run commands until standard input ends."""
    sys.path[0] = os.getcwd()  # as python -m has it
    for name in _LOADED:
        importlib.import_module(name)
    importlib.import_module("dataflows.tokens").count_tokens("the first count loads its tables")
    while line := sys.stdin.readline():
        command = json.loads(line)
        if process := os.fork():
            _, status = os.waitpid(process, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
        else:
            run(command)


if __name__ == "__main__":
    main()
