"""The small model's server: started by local_model.py as a process of its own, never imported.

It reads its settings as one JSON line, answers with one JSON line (its address, or why it can't start), and ends when
its standard input ends: whatever happens to its parent, kill -9 included, it doesn't stay behind.
"""

import json
import os
import sys
from typing import Any


def serve(settings: dict[str, Any]) -> str:
    """Start the server; its base URL."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = [settings["alias"]]  # without it, the list of models shows the file's path
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["key"]]
    params.n_ctx = settings["context_tokens"]
    params.n_parallel = 1  # more streams share the same CPU, cost 64 MB each, and slow each other down
    params.n_batch = 512  # an abandoned prompt is noticed between two batches
    params.cache_ram_mib = 512  # keeps the document's state, so that another instruction on it costs an eighth
    # More threads wait for each other on a busy machine: 20 to 30 times slower.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = min(4, os.cpu_count() or 1)
    params.verbosity = -1
    params.ui = False
    params.endpoint_slots = False
    server = xllamacpp.Server(params)
    _running.append(server)
    return f"{server.listening_address}/v1"


_running: list[Any] = []
"""A server that nobody holds stops."""


def main() -> None:
    """Serve until standard input ends."""
    settings = json.loads(sys.stdin.readline())
    try:
        said = {"base_url": serve(settings)}
    except Exception as error:  # noqa: BLE001 whatever it is, the parent is told
        said = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    # Nobody reads the pipe from here on: a library that writes to it would block once it is full.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if "error" not in said:
        sys.stdin.read()
    os._exit(0)  # not waiting for the answers that are on their way


if __name__ == "__main__":
    main()
