"""The proof that a prompt module gives what was run, made in a fresh process before anyone sees the file."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path

from workbench.errors import ExportError

_CHILD = Path(__file__).with_name("proof_child.py")
# No key of ours reaches code that comes out of a text box.
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG")


def prove(
    source: str,
    dataflow_modules: Sequence[str],
    prompts: Mapping[str, str],
    inputs: Mapping[str, str],
    root: Path,
    seconds_limit: float = 60,
) -> None:
    """Run the source's prompts in a fresh process and compare each, byte for byte.

    Args:
        source: A prompt module.
        dataflow_modules: Modules of the dataflow it belongs to, by import name.
        prompts: Prompt name -> the value it had when it was run.
        inputs: Values of the prompts' parameters; those with a default may be left out.
        root: The folder that dataflow_modules are imported from.
        seconds_limit: How long the process may take; with this project's dataflow it takes 2 to 3 seconds.

    Raises:
        ExportError: A prompt gives something else, or the module doesn't run.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prompts.py")
        path.write_bytes(source.encode("utf-8"))
        prove_file(path, dataflow_modules, prompts, inputs, root, seconds_limit)


def prove_file(
    path: Path,
    dataflow_modules: Sequence[str],
    prompts: Mapping[str, str],
    inputs: Mapping[str, str],
    root: Path,
    seconds_limit: float = 60,
) -> None:
    """Like prove, of a file as it stands on disk."""
    for name, value in inputs.items():
        if "{" in value or "}" in value:
            message = f"the value of {name} has braces, which the dataflow reads as a slot in code but not in a draft"
            raise ExportError(message, f"Take the braces out of {name}, run again, then export.")
    request = {
        "path": str(path.resolve()),
        "root": str(root.resolve()),
        "dataflow_modules": list(dataflow_modules),
        "names": list(prompts),
        "inputs": {name: _bytes(value).hex() for name, value in inputs.items()},
    }
    given = {name: bytes.fromhex(value) for name, value in _ask(request, seconds_limit).items()}
    for name, ran in prompts.items():
        if given[name] != _bytes(ran):
            found = given[name].decode("utf-8", "surrogatepass")
            raise ExportError(f"{name} of the file {_difference(found, ran)}", "Run the draft again, then export it.")


def _ask(request: Mapping[str, object], seconds_limit: float) -> dict[str, str]:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"
    try:
        # -I: nothing of the user's Python settings; -B: no cached bytecode beside the modules.
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD)],
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=seconds_limit,
            env=environment,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        message = f"the prompts gave no answer within {seconds_limit:g} seconds"
        raise ExportError(message, "Export again when the machine is less busy.") from error
    except ValueError as error:
        message = f"the process that runs the prompts ended with code {done.returncode} and no answer"
        raise ExportError(message, "Run the dataflow's tests, and correct what fails.") from error
    if "error" in answer:
        raise ExportError(f"the prompts don't run: {answer['error']}", "Correct the dataflow or the draft.")
    values: dict[str, str] = answer["values"]
    return values


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _difference(found: str, ran: str) -> str:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(found, ran, strict=False)))
    line = ran.count("\n", 0, same) + 1
    column = same - ran.rfind("\n", 0, same)
    shown = [ascii(text[same : same + 20]) if text[same:] else "nothing" for text in (found, ran)]
    return f"differs at line {line}, column {column} from what was run: {shown[0]} instead of {shown[1]}"
