"""Work whose time can't be told beforehand, in a process of its own that may take two seconds of processor time."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS_LIMIT = 2
# A busy machine may give two seconds of processor time late; past this, something hangs.
_WAIT_SECONDS = 60
_CHILD = Path(__file__).with_name("bounded_child.py")
_TOO_LONG = f"it takes more than {SECONDS_LIMIT} seconds of processor time"
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG")


class OvertimeError(Exception):
    """The work took too long or couldn't be done; its text is a sentence's end."""


def search_in_child(python_pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text, by re.search with re.ASCII.

    Raises:
        OvertimeError: It takes longer than SECONDS_LIMIT, or the process can't do it.
    """
    return bool(_ask({"pattern": _hex(python_pattern), "text": _hex(text)})["found"])


def faults_in_child(schema: object, instances: Sequence[str]) -> list[str | None]:
    """For each JSON text what is wrong with it by the schema, or None.

    Raises:
        OvertimeError: It takes longer than SECONDS_LIMIT, or the process can't do it.
    """
    request = {"schema": _hex(json.dumps(schema)), "instances": [_hex(text) for text in instances]}
    faults: list[str | None] = _ask(request)["faults"]
    return faults


def _ask(request: Mapping[str, object]) -> dict[str, Any]:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        # -I: nothing of the user's Python settings; -B: no cached bytecode beside the modules.
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD), str(SECONDS_LIMIT)],
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=_WAIT_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OvertimeError(_TOO_LONG) from error
    if done.returncode:
        # The system ends what goes over its limit by a signal, which is a negative code.
        raise OvertimeError(_TOO_LONG if done.returncode < 0 else "its process ended without an answer")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _hex(text: str) -> str:
    # JSON would make one character of two lone surrogates.
    return text.encode("utf-8", "surrogatepass").hex()
