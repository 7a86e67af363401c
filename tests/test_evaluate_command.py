"""python -m workbench evaluate: what it prints and writes, how it ends, and that it goes on where it was killed."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.endpoint import FakeEndpoint
from workbench.command_line import main
from workbench.settings import ROOT

VARIANTS = ["--variant", "v2", "--variant", "v3"]


@pytest.fixture
def folder(tmp_path):
    """A folder with a dataset of three cases on two documents."""
    for topic in ("gardens", "oceans"):
        (tmp_path / f"{topic}.txt").write_text(f"All about {topic}. " * 30, encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(
        "cases:\n"
        "  - {name: one, document: gardens.txt, tags: [green], assert: [{type: not-is-refusal}]}\n"
        "  - {name: two, document: oceans.txt, inputs: {query: Why?}, assert: [{type: icontains, value: moon}]}\n"
        "  - {name: three, document: oceans.txt, inputs: {query: How?}, assert: [{type: is-refusal, weight: 0}]}\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def called(folder, monkeypatch, capsys):
    """Runs `evaluate` in this process: its exit code, standard output and error."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WORKBENCH_HOME", str(folder / "home"))
    monkeypatch.setenv("WORKBENCH_MODEL", "fake")

    def call(server, *arguments):
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        capsys.readouterr()
        try:
            code = main(["evaluate", *arguments])
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return call


def test_the_plan_makes_no_call_and_says_what_will_be_made(called):
    """The plan's calls are those that the run makes; planned again, all are there."""
    with FakeEndpoint() as server:
        _, planned, _ = called(server, "cases.yaml", *VARIANTS, "--plan")
        before = len(server.requests)
        called(server, "cases.yaml", *VARIANTS)
        code, again, _ = called(server, "cases.yaml", *VARIANTS, "--plan")

    assert before == 0
    calls = json.loads(planned)["calls"]
    assert (calls["to_make"], calls["reused"], calls["judge_at_most"]) == (len(server.requests), 2, 0)
    assert json.loads(planned)["runs"] == 6
    assert (code, json.loads(again)["calls"]["to_make"]) == (0, 0)


def test_reports_tell_the_same_in_every_form(folder, called):
    """Table, JSON, JUnit and Markdown name the case that regressed and the assertion that failed, with its reason."""
    targets = ["--json", "out.json", "--junit", "out.xml", "--markdown", "out.md"]
    with FakeEndpoint(answer=lambda seen: "the moon" if len(seen.prompt) % 2 else "the sun") as server:
        code, table, problem = called(server, "cases.yaml", "--variant", "v3", "--baseline", "v2", *targets)
    report = json.loads((folder / "out.json").read_text())
    suites = list(ElementTree.parse(folder / "out.xml").getroot())
    failed = [own["name"] for own in report["cases"] for cell in own["cells"] if not cell["passed"]]

    assert problem == ""
    assert [own["label"] for own in report["variants"]] == ["v2", "v3"]
    assert report["baseline"] == "v2"
    assert [own["name"] for own in report["cases"]] == ["one", "two", "three"]
    assert sum(own["failed"] for own in report["variants"]) == len(failed)
    assert sum(int(suite.get("failures")) for suite in suites) == len(failed)
    assert [(suite.get("name"), suite.get("tests")) for suite in suites] == [("v2", "3"), ("v3", "3")]
    assert {"better", "worse", "not enough evidence"} >= {own["word"] for own in report["verdicts"]}
    assert "against the baseline" in table and "| v3 |" in (folder / "out.md").read_text()
    assert code == (1 if report["failures"] else 0)
    assert report["tags"].keys() == {"green"}
    assert report["documents"]["oceans.txt"]["v3"]["cases"] == 2
    for own in failed:
        assert own in table


@pytest.mark.parametrize(
    ("policy", "word", "code"),
    [("any-failure", "sun", 1), ("any-failure", "moon", 0), ("never", "sun", 0), ("regression", "sun", 0)],
)
def test_the_exit_code_is_the_policys(called, policy, word, code):
    """An answer without the moon fails its case: that is 1 by default, and 0 where the baseline fails as well."""
    with FakeEndpoint(answer=lambda _: f"the {word}") as server:
        ended, _, _ = called(server, "cases.yaml", "--variant", "v3", "--baseline", "v2", "--fail-on", policy)

    assert ended == code


def test_a_rubric_needs_a_judge_and_asks_it(folder, called):
    """Without --judge it is wrong usage with the line; with one, its reason is in the report."""
    (folder / "rubric.yaml").write_text(
        "cases:\n  - name: kind\n    document: gardens.txt\n    assert: [{type: llm-rubric, value: is kind}]\n",
        encoding="utf-8",
    )
    judged = json.dumps({"reason": "it is rude", "pass": False, "score": 0})
    with FakeEndpoint(answer=lambda seen: judged if "You judge" in seen.prompt else "Hello.") as server:
        without = called(server, "rubric.yaml", "--variant", "v3")
        code, table, _ = called(server, "rubric.yaml", "--variant", "v3", "--judge", "other")

    assert without[0] == 2 and "rubric.yaml, line 2" in without[2] and "--judge" in without[2]
    assert code == 1
    assert "it is rude" in table
    assert {seen.body["model"] for seen in server.requests} == {"fake", "other"}


def test_similar_needs_an_embedding_model_and_select_best_a_judge_and_two_variants(folder, called):
    """Each is wrong usage with the line without; with them, vectors and the judge of the endpoint decide."""
    (folder / "asked.yaml").write_text(
        "cases:\n  - name: near\n    document: gardens.txt\n    assert:\n"
        "      - {type: similar, value: all about gardens, threshold: 0.7}\n"
        "      - {type: select-best, value: is the shortest, weight: 0}\n",
        encoding="utf-8",
    )
    chosen = json.dumps({"reason": "it is short", "best": 1})

    def answer(seen):
        return chosen if "You compare" in seen.prompt else f"All about gardens {len(seen.prompt)}"

    with FakeEndpoint(answer=answer) as server:
        no_judge = called(server, "asked.yaml", *VARIANTS, "--embedding", "vectors")
        no_vectors = called(server, "asked.yaml", *VARIANTS, "--judge", "judge")
        local = called(server, "asked.yaml", *VARIANTS, "--judge", "judge", "--embedding", "local")
        lone = called(server, "asked.yaml", "--variant", "v3", "--judge", "judge", "--embedding", "vectors")
        before = len(server.requests)
        code, report, _ = called(
            server, "asked.yaml", *VARIANTS, "--judge", "judge", "--embedding", "vectors", "--json", "-"
        )
    cells = json.loads(report)["cases"][0]["cells"]
    models = [seen.body["model"] for seen in server.requests]

    assert [refused[0] for refused in (no_judge, no_vectors, local, lone)] == [2] * 4
    assert "line 2" in no_judge[2] and "--judge" in no_judge[2]
    assert "--embedding" in no_vectors[2] and "makes no embeddings" in local[2] and "one variant" in lone[2]
    assert before == 0
    assert (code, [cell["passed"] for cell in cells]) == (0, [True, True])
    assert (models.count("judge"), models.count("vectors")) == (1, 3)
    assert sorted(cell["assertions"][1]["score"] for cell in cells) == [0.0, 1.0]


def test_tests_of_promptfoo_run_on_a_document_of_ones_choice(folder, called):
    """Cases without a document get the one that is named; a variable that goes nowhere is told with its line."""
    (folder / "tests.yaml").write_text(
        "tests:\n  - vars: {query: Why?, topic: moon}\n    assert: [{type: icontains, value: hello}]\n",
        encoding="utf-8",
    )
    with FakeEndpoint(answer=lambda _: "Hello.") as server:
        without = called(server, "tests.yaml", "--variant", "v3")
        code, _, problem = called(server, "tests.yaml", "--variant", "v3", "--document", "gardens.txt")

    assert without[0] == 2 and "names no document" in without[2]
    assert code == 0
    assert "tests.yaml, line 2: 'topic' is set" in problem
    assert any("Why?" in seen.prompt for seen in server.requests)


def wrong_usages():
    return {
        "no dataset": (["none"], "datasets/none/cases.yaml"),
        "unknown variant": (["cases.yaml", "--variant", "v99"], "'v99'"),
        "unknown baseline": (["cases.yaml", "--variant", "v3", "--baseline", "v98"], "'v98'"),
        "no baseline": (["cases.yaml", "--variant", "v3", "--fail-on", "worse"], "needs a baseline"),
        "nowhere to write": (["cases.yaml", "--variant", "v3", "--junit", "none/out.xml"], "none/out.xml"),
        "unknown input": (["bad.yaml", "--variant", "v3"], "bad.yaml, line 2: 'querry' is set"),
        "unsupported": (["code.yaml", "--variant", "v3"], "code.yaml, line 1: tests[0].assert[0]: python runs code"),
        "no policy": (["cases.yaml", "--fail-on", "rain"], "invalid choice"),
    }


def test_wrong_usage_says_what_is_wrong_and_asks_nothing(folder, called):
    """Each kind of wrong usage exits with 2 and a plain sentence, without a call."""
    (folder / "bad.yaml").write_text("cases:\n  - {name: a, document: gardens.txt, inputs: {querry: x}}\n")
    (folder / "code.yaml").write_text("tests: [{assert: [{type: python, value: x}]}]\n")
    usages = wrong_usages()
    with FakeEndpoint() as server:
        outcomes = [called(server, *arguments) for arguments, _ in usages.values()]

    for (name, (_, expected)), (code, output, problem) in zip(usages.items(), outcomes, strict=True):
        assert (name, code, output) == (name, 2, "")
        assert expected in problem
        assert "Traceback" not in problem
    assert server.requests == []


def test_a_document_without_text_fails_its_case_alone(folder, called):
    """The case of an empty document is an error with its reason; the other passes; the exit code is 1."""
    (folder / "empty.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "two.yaml").write_text(
        "cases:\n  - {name: a, document: empty.pdf}\n  - {name: b, document: gardens.txt}\n"
    )
    with FakeEndpoint() as server:
        code, output, _ = called(server, "two.yaml", "--variant", "v3", "--json", "-")
    first, second = (own["cells"][0] for own in json.loads(output)["cases"])

    assert code == 1
    assert (first["status"], first["passed"]) == ("failed", False) and "empty.pdf" in first["fault"]
    assert (second["status"], second["passed"]) == ("done", True)


def test_two_hundred_cases_killed_at_half_repeat_no_more_calls_than_were_on_their_way(folder):
    """kill -9 after half of the calls of 200 cases; begun again, all cases are judged.

    Of the calls that the endpoint saw before the kill, it sees at most 8 again: as many as may be on their way.
    The cases have 80 questions between them, and so 81 calls.
    """
    queries = "".join(
        f"  - {{name: c{number}, document: gardens.txt, inputs: {{query: Question {number % 80}}}, "
        f"assert: [{{type: not-is-refusal}}]}}\n"
        for number in range(200)
    )
    (folder / "many.yaml").write_text(f"cases:\n{queries}", encoding="utf-8")
    with FakeEndpoint(latency=0.02) as server:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "WORKBENCH_HOME": str(folder / "home")}
        environment |= {"WORKBENCH_MODEL": "fake", "OPENAI_BASE_URL": server.url}
        command = [sys.executable, "-m", "workbench", "evaluate", "many.yaml", "--variant", "v3", "--in-flight", "8"]
        start = {"cwd": folder, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        first = subprocess.Popen(command, **start)
        assert server.wait_until(lambda: len(server.requests) >= 40, 60)
        first.kill()
        first.communicate()
        asked = len(server.requests)

        second = subprocess.run([*command, "--json", "-"], timeout=120, **start)
        report = json.loads(second.stdout)

    prompts = [seen.prompt for seen in server.requests]
    assert first.returncode == -9
    assert 40 <= asked < 81
    assert second.returncode == 0, second.stderr
    assert [own["cells"][0]["passed"] for own in report["cases"]] == [True] * 200
    assert len(set(prompts)) == 81
    assert len(prompts) - 81 <= 8
