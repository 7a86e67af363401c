"""python -m workbench ab: which tests there are, and the figures of one, as on the page."""

import argparse
import json

import pytest

from dataflows.ab import LiveTests
from tests.ab_makers import NAME, draft_test, running_test
from workbench.ab.figures import read_figures
from workbench.ab.verdict import verdict_of
from workbench.ab_command import ab
from workbench.settings import ROOT
from workbench.shell_line import shell_line

pytest_plugins = ["tests.ab_fixtures"]


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    """Runs the command on the tests of a folder: its exit code, output and error."""
    monkeypatch.setenv("DATABASE_URL", str(tmp_path / "runs.db"))

    def run(action, name="", *, as_json=False):
        code = ab(argparse.Namespace(action=action, name=name, json=as_json))
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def voted(file_tests, tmp_path):
    """A running test in which the candidate wins with 60 users."""
    begun = running_test(file_tests)
    service = LiveTests(tmp_path / "runs.db")
    for number in range(60):
        assignment = service.assign(NAME, f"user {number}")
        service.exposed(assignment)
        service.outcome(NAME, f"user {number}", "helpful", assignment.arm.name == "candidate")
    assert service.flush(30)
    return begun


def test_a_test_is_shown_with_the_figures_of_the_page(told, voted, file_tests):
    """Arms, traffic, outcomes, difference, interval, e-value and what the stop rule says, as text and as JSON."""
    verdict = verdict_of(voted, read_figures(file_tests, voted))
    known = verdict.arms[0].looks[-1].known

    code, text, problem = told("show", NAME)
    _, written, _ = told("show", NAME, as_json=True)
    found = json.loads(written)
    control, candidate = found["arms"]

    assert (code, problem) == (0, "")
    assert (found["state"], found["stop"], found["said"]) == ("running", verdict.stop, verdict.said)
    assert control["units"] + candidate["units"] == control["outcomes"] + candidate["outcomes"] == 60
    assert (control["mean"], candidate["mean"], control["share"], control["against_control"]) == (0.0, 1.0, 0.5, None)
    assert candidate["against_control"]["last"]["difference"] == known.difference == 1.0
    assert candidate["against_control"]["last"]["interval"] == list(known.interval)
    assert candidate["against_control"]["last"]["e_value"] == known.e_value
    assert len(candidate["against_control"]["looks"]) == len(verdict.arms[0].looks)
    for said in (verdict.said, "+100.0", f"{known.e_value:,.2f} of 20", "50 (50.0%)", "Stop at an e-value of 20"):
        assert said in text


def test_tests_are_listed_with_state_and_weights(told, file_tests):
    """The last changed first; what people typed steers no terminal."""
    running_test(file_tests)
    file_tests.add(draft_test(name="other"))

    code, text, _ = told("list")
    _, written, _ = told("list", as_json=True)

    assert code == 0
    assert [line.split()[:2] for line in text.splitlines()[1:]] == [["other", "draft"], [NAME, "running"]]
    assert [own["weights"] for own in json.loads(written)] == [{"control": 50.0, "candidate": 50.0}] * 2


def test_a_test_without_an_outcome_is_shown(told, file_tests):
    """What isn't known yet is a dash, or null."""
    file_tests.add(draft_test())

    code, text, _ = told("show", NAME)
    _, written, _ = told("show", NAME, as_json=True)

    assert (code, "not enough evidence" in text) == (0, True)
    assert {(own["traffic"], own["mean"]) for own in json.loads(written)["arms"]} == {(None, None)}


def test_what_is_not_there_is_told_by_the_exit_code(told, file_tests, monkeypatch):
    """1 without a test, 2 for an unknown name or a database that is away; each a sentence."""
    none = told("list")
    unknown = told("show", "nothing")
    monkeypatch.setenv("DATABASE_URL", "mysql://nowhere")
    away = told("list")

    assert (none[0], unknown[0], away[0]) == (1, 2, 2)
    assert "describe one" in none[2] and "nothing" in unknown[2]
    assert all(
        said[1] == "" and "Traceback" not in said[2] and said[2].count("\n") == 1 for said in (none, unknown, away)
    )


def test_the_line_beside_the_figures_names_the_project_where_it_is_another(tmp_path):
    """In the workbench's own checkout it needs no more than the name."""
    assert shell_line(["ab", "show", NAME], ROOT, is_own=True) == "python -m workbench ab show shorter"
    line = shell_line(["ab", "show", NAME], tmp_path / "a b", is_own=False)
    assert line.startswith(f"WORKBENCH_PROJECT='{tmp_path}/a b' python")
