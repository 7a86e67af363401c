"""Several processes, each with several threads, use one store at once."""

import json
import subprocess
import sys

import pytest

from dataflows.prompt_store import PromptStore
from tests.prompt_store_worker import FLOW, VERSIONS
from workbench.settings import ROOT

pytest_plugins = ["tests.postgres"]
NAMES = ["Ada", "Bo", "Cy"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_processes_at_once_lose_nothing(request, tmp_path, database):
    """Every version has a number of its own, equal ones share one, and the log is one chain that names each mover."""
    server = request.getfixturevalue("postgres") if database == "postgresql" else None
    url = server.url(server.new_user()) if server else str(tmp_path / "prompts.db")
    command = [sys.executable, "-m", "tests.prompt_store_worker", url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    workers = [subprocess.Popen([*command, name], **pipes) for name in NAMES]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * len(NAMES)

    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]

    store = PromptStore(url)
    own = [number for worker in told for number in worker["own"]]
    assert len({tuple(worker["shared"]) for worker in told}) == 1
    assert sorted({*own, *told[0]["shared"]}) == list(range(1, (len(NAMES) + 1) * VERSIONS + 1))
    assert [version.number for version in store.versions(FLOW)] == sorted({*own, *told[0]["shared"]})
    log = store.log(FLOW)[::-1]
    assert [move.before for move in log] == [None, *(move.after for move in log)][: len(log)]
    assert {name: [move.after for move in log if move.by == name] for name in NAMES} == {
        name: worker["moves"] for name, worker in zip(NAMES, told, strict=True)
    }
