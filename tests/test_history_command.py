"""Runs of the command line in the history: found by a text, and made again byte for byte."""

import json

import pytest

from tests.commands import CHUNKS, LAST
from tests.endpoint import FakeEndpoint

pytest_plugins = ["tests.command_fixtures"]


@pytest.fixture
def made(bench, called):
    """What two variants gave, their endpoint gone since."""
    draft = ["--draft", "d=v3", "--set", f"d.{LAST}=In short: {{results}}"]
    with FakeEndpoint() as server:
        code, output, _ = called(server, "pets.pdf", "--variant", "v1", *draft, *CHUNKS, "--json", "-")
    assert code == 0
    return {own["variant"]: own for own in json.loads(output)["runs"]}


def test_a_run_of_the_command_is_in_the_history(made, run):
    """With what it was run on, by whom, and that a command ran it."""
    code, output, _ = run("history", "--json")

    rows = {row["variant"]: row for row in json.loads(output)}
    assert code == 0
    assert set(rows) == {"v1", "d"}
    assert (rows["d"]["base"], rows["d"]["source"], rows["d"]["document_name"]) == ("v3", "command", "pets.pdf")


def test_a_pasted_answer_finds_its_run_and_gives_the_same_bytes_again(made, run):
    """No call is made: the endpoint is gone."""
    found, listed, _ = run("history", "--find", made["d"]["output"][4:60], "--json")
    run_id = json.loads(listed)[0]["id"]

    code, said, problem = run("reproduce", run_id, "--output")

    assert (found, code, problem) == (0, 0, "")
    assert "0 calls made" in said
    assert "byte for byte" in said
    assert made["d"]["output"] in said


@pytest.mark.parametrize("arguments", [["history", "--find", "nobody said so"], ["history", "--status", "failed"]])
def test_what_is_not_there_is_told_by_the_exit_code(made, run, arguments):
    """1, and a sentence."""
    code, _, problem = run(*arguments)

    assert (code, problem) == (1, "No run is like that.\n")


def test_an_unknown_run_is_wrong_usage(run):
    """2, and a sentence."""
    code, _, problem = run("reproduce", "nothing")

    assert code == 2
    assert "has no run" in problem
