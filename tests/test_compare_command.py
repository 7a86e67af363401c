import json
import os
import re
import signal
import subprocess
import sys

from tests.commands import CHUNKS, LAST, PAGES, compared, started
from tests.endpoint import FakeEndpoint
from tests.pdfs import encrypted_pdf
from workbench.settings import ROOT

pytest_plugins = ["tests.command_fixtures"]


def test_the_json_has_the_form_that_programs_rely_on(called):
    """Documents, calls and runs have exactly the promised fields, and what was shared is told."""
    with FakeEndpoint() as server:
        code, output, problem = called(server, "pets.pdf", "--variant", "v1", "--variant", "v3", "--json", "-", *CHUNKS)
    report = json.loads(output)
    chunks = report["documents"][0]["chunks"]

    assert (code, problem) == (0, "")
    assert set(report) == {"documents", "calls", "seconds", "runs"}
    assert {name: report["documents"][0][name] for name in ("name", "pages")} == {"name": "pets.pdf", "pages": 2}
    assert set(report["documents"][0]) == {"name", "sha256", "pages", "chunks"}
    assert chunks > 2
    assert report["calls"] == {"made": 2 * (chunks + 1), "reused": 0} == {"made": len(server.requests), "reused": 0}
    fields = "variant document repetition status output error prompts model calls tokens cost_usd seconds reused nodes"
    assert [set(run) for run in report["runs"]] == [set(fields.split())] * 2
    first = report["runs"][0]
    assert [first[name] for name in ("variant", "status", "error", "model")] == ["v1", "done", None, "fake"]
    assert first["document"] == report["documents"][0]["sha256"]
    assert first["output"]
    assert set(first["prompts"]) == {"summarize_chunk_of_text_prompt", LAST}
    assert first["calls"] == {"made": chunks + 1, "reused": 0}
    assert set(first["tokens"]) == {"input", "output"} and min(first["tokens"].values()) > 0
    assert {"name", "seconds", "shared"} == set(first["nodes"][0])
    assert {node["name"]: node["shared"] for node in first["nodes"]}["chunked_text"] is True
    assert first["cost_usd"] is None


def test_a_draft_pays_only_for_what_it_changes(bench, called):
    """A draft of the last prompt, from a file or as text, makes one call beside its base; the same again makes none,
    in a process of its own; and with --fresh all are made again."""
    (bench / "last.txt").write_text("In short:\n{results}", encoding="utf-8")
    drafts = [
        "--draft",
        "a=v3",
        "--set",
        f"a.{LAST}=@last.txt",
        "--draft",
        "b=v3",
        "--set",
        f"b.{LAST}=So: {{results}}",
    ]
    arguments = ["pets.pdf", "--variant", "v3", *drafts, *CHUNKS, "--json"]
    with FakeEndpoint() as server:
        first = called(server, *arguments, "out.json")
        report = json.loads((bench / "out.json").read_text())
        again = json.loads(compared(bench, server, *arguments, "-")[1])
        fresh = json.loads(called(server, *arguments, "-", "--fresh")[1])
    chunks = report["documents"][0]["chunks"]

    assert first[0] == 0
    assert "== a on pets.pdf: done" in first[1]
    assert [run["variant"] for run in report["runs"]] == ["v3", "a", "b"]
    assert report["runs"][1]["prompts"][LAST] == "In short:\n{results}"
    assert report["calls"] == {"made": chunks + 3, "reused": 2 * chunks}
    assert again["calls"] == {"made": 0, "reused": 3 * chunks + 3}
    assert fresh["calls"] == report["calls"]


def test_a_locked_pdf_beside_a_good_one_fails_alone(bench, called):
    """Its runs are failed with the reason, those of the good one are done, and the exit code is 1."""
    (bench / "locked.pdf").write_bytes(encrypted_pdf(PAGES, "secret"))
    with FakeEndpoint() as server:
        code, output, _ = called(server, "locked.pdf", "pets.pdf", "--variant", "v2", "--variant", "v3", "--json", "-")
    report = json.loads(output)
    names = {document["sha256"]: document["name"] for document in report["documents"]}

    assert code == 1
    assert [(names[run["document"]], run["status"]) for run in report["runs"]] == [
        ("pets.pdf", "done"),
        ("pets.pdf", "done"),
        ("locked.pdf", "failed"),
        ("locked.pdf", "failed"),
    ]
    assert report["runs"][2]["error"]["type"] == "DocumentError"
    assert "password" in report["runs"][2]["error"]["message"]


def test_a_bad_variant_beside_a_good_one_fails_alone(called):
    """A draft that loses the summaries fails with its prompt's name; the other variant is done; the exit code is 1."""
    with FakeEndpoint() as server:
        code, output, _ = called(
            server,
            "pets.pdf",
            "--variant",
            "v3",
            "--draft",
            "bad=v3",
            "--set",
            f"bad.{LAST}=Nothing",
            "--json",
            "-",
        )
    good, bad = json.loads(output)["runs"]

    assert code == 1
    assert [good["status"], bad["status"], bad["calls"]["made"]] == ["done", "failed", 0]
    assert bad["error"]["type"] == "PromptError"
    assert LAST in bad["error"]["message"]


def test_what_a_model_says_can_not_steer_the_terminal(called):
    """Escape sequences in an answer, and half characters that no terminal can show, are replaced in the text."""
    with FakeEndpoint(answer=lambda _: "\x1b[2Jred \ud800 fish") as server:
        code, output, problem = called(server, "pets.pdf", "--variant", "v3")

    assert (code, problem) == (0, "")
    assert "\ufffd[2Jred \ufffd fish" in output
    assert not re.search("[\x00-\x08\x0b-\x1f]", output)


def wrong_usages():
    draft = ["--draft", "d=v3"]
    return {
        "no variant": (["pets.pdf"], "No variant"),
        "unknown variant": (["pets.pdf", "--variant", "v99"], "'v99'"),
        "unknown input": (["pets.pdf", "--variant", "v3", "--input", "querry=x"], "Did you mean query?"),
        "input of another type": (["pets.pdf", "--variant", "v3", "--input", "max_chunk_tokens=x"], "whole number"),
        "input without a value": (["pets.pdf", "--variant", "v3", "--input", "query"], "NAME=VALUE"),
        "unknown dataflow": (["pets.pdf", "--variant", "v3", "--dataflow", "../.."], "summarization"),
        "no such PDF": (["none.pdf", "--variant", "v3"], "none.pdf"),
        "draft named as a version": (["pets.pdf", "--draft", "v1=v3"], "v1"),
        "text for no draft": (["pets.pdf", *draft, "--set", "e.a_prompt=x"], "'e'"),
        "text from no file": (["pets.pdf", *draft, "--set", f"d.{LAST}=@none.txt"], "none.txt"),
        "nowhere to write": (["pets.pdf", "--variant", "v3", "--json", "none/out.json"], "none/out.json"),
        "too many at a time": (["pets.pdf", "--variant", "v3", "--in-flight", "0"], "from 1 to 256"),
    }


def test_wrong_usage_says_what_is_wrong_and_asks_nothing(called):
    """Each kind of wrong usage exits with 2 and one plain sentence, without a call."""
    usages = wrong_usages()
    with FakeEndpoint() as server:
        outcomes = [called(server, *arguments) for arguments, _ in usages.values()]

    for (name, (_, expected)), (code, output, problem) in zip(usages.items(), outcomes, strict=True):
        assert (name, code, output) == (name, 2, "")
        assert expected in problem
        assert "Traceback" not in problem
    assert server.requests == []


def test_a_remote_model_without_an_endpoint_is_wrong_usage(bench):
    """With neither key nor address set, a model's name is refused."""
    environment = {"WORKBENCH_HOME": str(bench / "home"), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "workbench", "compare", "pets.pdf", "--variant", "v3", "--model", "gpt-5"]

    done = subprocess.run(command, cwd=bench, env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 2
    assert "OPENAI_API_KEY" in done.stderr


def test_an_interrupt_keeps_what_is_done(bench, called):
    """After Ctrl+C the runs are stopped, the report is written, and the next time only the missing calls are made."""
    arguments = ["pets.pdf", "--variant", "v3", *CHUNKS, "--json", "-"]
    faults = {"hang": "hang"}
    with FakeEndpoint(fault=lambda seen: faults.get("hang", "") if "whales" in seen.prompt else "") as server:
        process = started(bench, server, *arguments)
        assert server.wait_until(lambda: len({"whales" in seen.prompt for seen in server.requests}) == 2, 30)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        run = json.loads(output)["runs"][0]
        faults.clear()
        before = len(server.requests)

        code, output, _ = called(server, *arguments)

    assert process.returncode == 1
    assert run["status"] == "stopped"
    assert code == 0
    assert json.loads(output)["calls"]["made"] == len(server.requests) - before
