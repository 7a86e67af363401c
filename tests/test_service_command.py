"""The service example as it is started: one command, three ways."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from dataflows.tracker import from_json, text_sha256
from examples.service import fill_store
from examples.service.__main__ import main
from examples.service.chain import tracker
from tests.endpoint import FakeEndpoint
from tests.pdfs import text_pdf
from workbench.settings import ROOT

KEY = "k" * 24
PDF = text_pdf(["Gardens have roses and tulips in each of their corners. " * 20])


def same(request):
    """An answer that doesn't depend on the model, by whose name the ways are told apart here."""
    return f"An answer to {len(request.prompt)} characters."


def started(server, **settings):
    """The command in a process of its own; it takes a free port."""
    environment = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "PORT": "0"}
    return subprocess.Popen(
        [sys.executable, "-m", "examples.service"],
        cwd=ROOT,
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answered(service):
    """The first line of a service, the reply to a PDF, and its log after it was ended."""
    try:
        first = service.stdout.readline()
        address = first.split()[3]
        request = urllib.request.Request(f"{address}/summaries?query=Why%3F", PDF, method="POST")
        with urllib.request.urlopen(request, timeout=60) as reply:
            told = json.load(reply)
    finally:
        service.send_signal(signal.SIGTERM)
        output, problem = service.communicate(timeout=30)
    return first, told, output + problem


def test_one_command_serves_by_module_by_config_and_by_the_store(tmp_path):
    """It says where it listens; all send the same bytes for v1, and each line and tracked run says which they are."""
    fill_store.main(f"sqlite:///{tmp_path / 'prompts.db'}", "v1", "Ada")
    ways = {
        "module": {"PROMPTS": "module", "PROMPTS_VERSION": "v1"},
        "config": {"PROMPTS": "config", "PROMPTS_VERSION": "v1"},
        "store": {"PROMPTS": "store", "PROMPTS_STORE": f"sqlite:///{tmp_path / 'prompts.db'}"},
    }

    with FakeEndpoint(answer=same) as server, ThreadPoolExecutor(3) as threads:
        track = {"WORKBENCH_TRACK": f"jsonl:{tmp_path / 'runs.jsonl'}"}
        services = [started(server, MODEL=f"by-{way}", **track, **settings) for way, settings in ways.items()]
        results = list(threads.map(answered, services))
        sent = {
            way: sorted(request.prompt.encode() for request in server.requests if request.body["model"] == f"by-{way}")
            for way in ways
        }

    assert all(first.startswith("Serving summaries on http://127.0.0.1:") for first, _, _ in results)
    assert sent["module"] == sent["config"] == sent["store"]
    assert len(sent["module"]) == 2
    for way, (_, told, log) in zip(ways, results, strict=True):
        [line] = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        assert (line["prompts"]["source"], line["prompts"]["version"], line["calls"]) == (way, "v1", 2)
        assert line["prompts"] == told["prompts"]
        assert not [word for word in ("Gardens", KEY) if word in log]
    tracked = (tmp_path / "runs.jsonl").read_text()
    runs = {run.request_id: run for run in map(from_json, tracked.splitlines())}
    assert len(runs) == 3
    for way, (_, told, _) in zip(ways, results, strict=True):
        run = runs[told["request_id"]]
        assert (run.source, run.version.way, run.version.version) == ("examples.service", way, "v1")
        assert [call.model for call in run.calls] == [f"by-{way}"] * 2
        assert run.outputs["summarized_text"].sha256 == text_sha256(told["summary"])
    assert not [word for word in ("Gardens", KEY) if word in tracked]


def test_a_tracker_that_makes_no_sense_ends_it_with_a_sentence(monkeypatch, capsys):
    """As other settings do; in a process, the service reads it once."""
    monkeypatch.setenv("WORKBENCH_TRACK", "guess")
    tracker.cache_clear()

    assert main() == 2

    assert capsys.readouterr().err.startswith("WORKBENCH_TRACK has 'guess'; it can be off, or any of")


def test_settings_that_make_no_sense_end_it_with_a_sentence(monkeypatch, capsys):
    """It gives 2, and what is wrong on standard error."""
    monkeypatch.setenv("PROMPTS", "guess")

    assert main() == 2

    assert capsys.readouterr() == ("", "PROMPTS is 'guess'; it can be module, config, store, ab\n")
