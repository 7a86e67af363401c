import json

import pytest

from tests.commands import CHUNKS, LAST
from tests.endpoint import FakeEndpoint

pytest_plugins = ["tests.command_fixtures"]

FIRST = "summarize_chunk_of_text_prompt"
ALL = ("pets.pdf", "--variant", "v1", "--variant", "v3", *CHUNKS)


def planned(called, server, *arguments):
    code, output, problem = called(server, *arguments, "--plan")
    assert (code, problem) == (0, "")
    return json.loads(output)


def ran(called, server, *arguments):
    code, output, _ = called(server, *arguments, "--json", "-")
    return code, json.loads(output)


def test_a_plan_makes_no_call_and_says_exactly_what_a_run_makes(called):
    """Before a run, after it, and after an edit: the calls of the plan are those the run makes and reuses."""
    edit = ("--draft", "mine=v3", "--set", f"mine.{LAST}=Say it in a word: {{results}}")
    with FakeEndpoint() as server:
        before = planned(called, server, *ALL)
        assert len(server.requests) == 0
        _, first = ran(called, server, *ALL)
        after = planned(called, server, *ALL)
        edited = planned(called, server, *ALL, *edit)
        _, second = ran(called, server, *ALL, *edit)
        sent = len(server.requests)

    assert set(before) == {"calls", "tokens", "cost_usd"} and set(before["cost_usd"]) == {"low", "high"}
    assert before["calls"] == {"to_make": first["calls"]["made"], "reused": first["calls"]["reused"]}
    assert after["calls"] == {"to_make": 0, "reused": first["calls"]["made"]} and after["tokens"] == 0
    assert edited["calls"] == {"to_make": 1, "reused": second["calls"]["reused"]}
    assert sent == first["calls"]["made"] + 1


def test_a_plan_has_a_price_range_where_the_price_is_known(called):
    """For the small model it is 0 to 0, for a model on no list null to null."""
    with FakeEndpoint() as server:
        unknown = planned(called, server, *ALL)
        local = planned(called, server, *ALL, "--model", "local")

    assert unknown["cost_usd"] == {"low": None, "high": None} and unknown["tokens"] > 100
    assert local["cost_usd"] == {"low": 0.0, "high": 0.0}


def test_a_budget_of_calls_stops_before_the_call_that_would_cross_it(called):
    """With a budget of 5 calls, 5 are made and kept; what there is stands in the report, the rest is later."""
    with FakeEndpoint() as server:
        whole = planned(called, server, *ALL)["calls"]["to_make"]
        code, report = ran(called, server, *ALL, "--budget", "5")
        sent = len(server.requests)
        left = planned(called, server, *ALL)["calls"]["to_make"]

    assert (code, sent, left) == (1, 5, whole - 5)
    assert report["calls"]["made"] == 5
    assert {run["status"] for run in report["runs"]} == {"stopped"}
    assert {run["error"]["type"] for run in report["runs"]} == {"BudgetError"}


@pytest.mark.parametrize(
    ("budget", "named"),
    [
        ("-3", "is no budget"),
        ("much", "is no budget"),
        ("1.5usd", "price of fake is unknown"),
        ("0.01 eur", "no budget"),
    ],
)
def test_a_budget_that_cannot_be_kept_is_refused(called, budget, named):
    """A budget of another form, and one in money for a model without a price, end with code 2 and no call."""
    with FakeEndpoint() as server:
        code, _, problem = called(server, *ALL, f"--budget={budget}")

    assert code == 2 and named in problem and not server.requests


def test_repetitions_are_runs_of_their_own(called):
    """Three repetitions of two variants are six runs, numbered from 0, and each asks anew."""
    with FakeEndpoint() as server:
        once = planned(called, server, *ALL)["calls"]["to_make"]
        code, report = ran(called, server, *ALL, "--repeat", "3")
        sent = len(server.requests)

    assert code == 0 and sent == 3 * once
    assert [(run["variant"], run["repetition"]) for run in report["runs"]] == [
        (label, repetition) for repetition in range(3) for label in ("v1", "v3")
    ]


def test_a_grid_runs_all_combinations(called):
    """Two versions of each prompt are four runs that share their chunk calls."""
    rows = ("--grid", f"{FIRST}=v1,v3", "--grid", f"{LAST}=v1,v3")
    with FakeEndpoint() as server:
        code, report = ran(called, server, "pets.pdf", *rows, *CHUNKS)
        chunks = report["documents"][0]["chunks"]

    assert code == 0
    assert [run["variant"] for run in report["runs"]] == ["v1 × v1", "v1 × v3", "v3 × v1", "v3 × v3"]
    assert report["calls"]["made"] == len(server.requests) == 2 * chunks + 2 * 2


def test_a_plan_names_what_cannot_run(called):
    """An unreadable document and a broken draft are named on standard error; the code is 1, the others are planned."""
    with FakeEndpoint() as server:
        broken = ("--draft", "bad=v3", "--set", f"bad.{LAST}=Nothing of it.")
        code, output, problem = called(server, *ALL, *broken, "--plan")

    assert code == 1 and "{results} is missing" in problem
    assert json.loads(output)["calls"]["to_make"] > 0
