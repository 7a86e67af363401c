"""Git's command line, run with a small environment, no hooks, no questions and a time limit."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from workbench.git.failures import GitError, failure_of

SECONDS_LIMIT = 30.0
# A GIT_DIR or GIT_INDEX_FILE that a hook or a shell left behind would lead to another repository.
_KEPT = (
    *("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"),
)
_FIXED = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    # A split index keeps its larger half inside the repository, also when the index itself is elsewhere.
    "core.splitIndex=false",
    "commit.gpgSign=false",
    "i18n.commitEncoding=UTF-8",
    # A made-up user@host is nobody a reviewer could ask.
    "user.useConfigOnly=true",
)


def run_git(
    folder: Path,
    *arguments: str,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
    seconds_limit: float = SECONDS_LIMIT,
) -> bytes:
    """What git writes to its standard output.

    Args:
        folder: Where it runs.
        arguments: The command and its arguments.
        given: What it reads from its standard input.
        environment: Variables on top of the kept ones.
        seconds_limit: After this time git and all it has started are ended.

    Raises:
        GitError: It can't be started, takes too long, or ends with another code than 0.
    """
    code, output, words = _run(folder, arguments, given, environment or {}, seconds_limit)
    if code:
        raise failure_of(arguments[0], words, folder)
    return output


def ask_git(folder: Path, *arguments: str) -> bytes | None:
    """Like run_git, of a command that answers no by its code 1: None then."""
    code, output, words = _run(folder, arguments, b"", {}, SECONDS_LIMIT)
    if code not in (0, 1):
        raise failure_of(arguments[0], words, folder)
    return None if code else output


def _run(
    folder: Path, arguments: tuple[str, ...], given: bytes, environment: Mapping[str, str], seconds_limit: float
) -> tuple[int, bytes, str]:
    program = shutil.which("git")
    if program is None:
        raise GitError("no git", "it is not in any folder of PATH")
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    line = [program, "--no-pager", "--literal-pathspecs", *settings, "-C", str(folder), *arguments]
    try:
        # A session of its own: nothing that git starts can ask at a terminal, and all of it ends together.
        process = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment() | dict(environment),
            start_new_session=True,
        )
    except OSError as error:
        raise GitError("no git", error.strerror or type(error).__name__) from error
    except ValueError as error:
        about = f"git {arguments[0]} was given a name with a character that no name can have"
        raise GitError("git", about, "Use plain letters, digits, - and _.") from error
    with process:
        try:
            output, words = process.communicate(given, seconds_limit)
        except subprocess.TimeoutExpired as error:
            raise GitError("timeout", f"{arguments[0]} took longer than {seconds_limit:g} seconds") from error
        finally:
            _end(process)
    return process.returncode, output, words.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | _FIXED


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs, and what it has started."""
    if process.returncode is not None:
        return
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
