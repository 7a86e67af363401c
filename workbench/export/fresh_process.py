"""Code of the project run in a fresh process, without keys and within a time limit."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.errors import ExportError

# No key of ours reaches code that comes out of a text box.
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG")


def ask(child: Path, request: Mapping[str, object], seconds_limit: float = 60) -> dict[str, Any]:
    """What the child answers.

    Args:
        child: A script that reads one JSON request on standard input and writes one JSON object to standard output.
        request: What to ask.
        seconds_limit: How long it may take.

    Raises:
        ExportError: It took too long, gave no answer, or answered {"error": ...}.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"
    try:
        # -I: nothing of the user's Python settings; -B: no cached bytecode beside the modules.
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(child)],
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=seconds_limit,
            env=environment,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        message = f"the prompts gave no answer within {seconds_limit:g} seconds"
        raise ExportError(message, "Export again when the machine is less busy.") from error
    except ValueError as error:
        message = f"the process that runs the prompts ended with code {done.returncode} and no answer"
        raise ExportError(message, "Run the dataflow's tests, and correct what fails.") from error
    if "error" in answer:
        raise ExportError(f"the prompts don't run: {answer['error']}", "Correct the dataflow or the draft.")
    return answer


def hexed(text: str) -> str:
    """The text as hex of its bytes: JSON would make one character of two lone surrogates."""
    return text.encode("utf-8", "surrogatepass").hex()


def unhexed(text: str) -> str:
    """The text that hexed() was given."""
    return bytes.fromhex(text).decode("utf-8", "surrogatepass")
