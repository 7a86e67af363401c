"""Code of the project run in a fresh process, without keys and within a time limit."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench import settings
from workbench.errors import ExportError

_CHILD = Path(__file__).with_name("child.py")
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|COOKIE|DSN", re.I)
# No key of ours reaches code that comes out of a text box.
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG")


def ask(module: str, request: Mapping[str, object], seconds_limit: float = 60) -> dict[str, Any]:
    """What the child answers.

    Args:
        module: Name of a module of the workbench with a function answer(request), which runs in the process.
        request: What to ask, as plain JSON; "root" is the folder that modules of the project are imported from.
        seconds_limit: How long it may take.

    Raises:
        ExportError: It took too long, gave no answer, or answered {"error": ...}.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if not settings.is_own_project():
        # Modules of another project may read addresses and names there while they load; of a key they get its name.
        environment = {name: name if _SECRET.search(name) else value for name, value in os.environ.items()}
        environment.setdefault("OPENAI_API_KEY", "OPENAI_API_KEY")
    environment["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"
    try:
        # -I: nothing of the user's Python settings; -B: no cached bytecode beside the modules.
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD), module],
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


def module_at(name: str, path: str) -> ModuleType:
    """A file as a module of this name; for the process that was started.

    Raises:
        ImportError: It is no Python module.
        Exception: Whatever the module raises.
    """
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python module")
    module = importlib.util.module_from_spec(spec)
    # Hamilton looks for a function's module by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
