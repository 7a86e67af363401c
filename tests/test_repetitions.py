import itertools

import pytest

from tests.conftest import document_of, draft
from tests.scripted import ScriptedEndpoint, out_of_order
from workbench.errors import UsageError
from workbench.records import Budget

ONE, TWO = draft("one", last="First"), draft("two", last="Second")
SHORT = [document_of(4)]


def unlike_each_other():
    """An endpoint that never says the same twice, as a warm model does."""
    number = itertools.count()
    return ScriptedEndpoint(answer=lambda _: f"Answer {next(number)}.")


def test_each_repetition_has_its_own_answers_and_keeps_them(make_lab):
    """Three repetitions of two variants are three times the calls of one; run again, all come back as they were."""
    lab = make_lab(unlike_each_other())

    first = lab.run(ONE, TWO, documents=SHORT, repetitions=3)
    calls = len(lab.endpoint.asked)
    again = lab.run(ONE, TWO, documents=SHORT, repetitions=3)

    assert calls == 3 * (4 + 2) and len(lab.endpoint.asked) == calls
    assert len({run.output for run in first.runs}) == 6
    assert [run.output for run in again.runs] == [run.output for run in first.runs]


def test_more_repetitions_cost_only_the_new_ones(lab):
    """What was run once is the first repetition: five of them cost four more."""
    once = lab.calls_of(ONE, documents=SHORT)
    five = lab.calls_of(ONE, documents=SHORT, repetitions=5)
    three = lab.calls_of(ONE, documents=SHORT, repetitions=3)

    assert (once, five, three) == (5, 20, 0)


def test_repetitions_share_what_variants_share(lab):
    """In each repetition the chunks are paid for once, whatever the number of variants."""
    assert lab.calls_of(ONE, TWO, draft("three", last="Third"), documents=SHORT, repetitions=2) == 2 * (4 + 3)


@pytest.mark.parametrize("repetitions", [0, 31])
def test_repetitions_out_of_bounds_are_refused(lab, repetitions):
    """0 and 31 repetitions are refused with the value and the limit."""
    with pytest.raises(UsageError, match=f"{repetitions} repetitions.*1 to 30"):
        lab.job(ONE, repetitions=repetitions)


def test_a_budget_of_calls_is_never_crossed_and_keeps_what_is_done(make_lab):
    """20 chunks and a budget of 7: exactly 7 calls, a stopped run that has them, and the rest costs 14 later."""
    lab = make_lab()

    (run,) = lab.run(ONE, budget=Budget(calls=7)).runs
    made = len(lab.endpoint.asked)

    assert made == run.calls_made == 7
    assert run.status == "stopped" and run.error[0] == "BudgetError" and "7 calls" in run.error[1]
    assert "14 of 20" not in run.error[1] and "13 of 20 calls were not made" in run.error[1]
    assert lab.calls_of(ONE) == 14


def test_calls_that_are_kept_cost_no_budget(lab):
    """With all but the last call kept, a budget of one call is enough."""
    lab.run(ONE)

    (run,) = lab.run(TWO, budget=Budget(calls=1)).runs

    assert run.status == "done"
    assert (run.calls_made, run.calls_reused) == (1, 20)


def test_one_failed_call_is_repeated_alone(make_lab):
    """Of two failed chunks one is retried: one call is made, the other fails as before; then all the rest is."""
    broken = {"Part 0 of", "Part 8 of"}
    lab = make_lab(
        ScriptedEndpoint(failure=lambda text: out_of_order() if any(own in text for own in broken) else None)
    )
    job = lab.job(draft("one", chunk="Say", last="First"), documents=SHORT)
    job.start()
    assert job.wait(5)
    (cell,) = job.lanes
    failed = [(call.node, call.index) for call in job.lanes[cell].calls if call.error]
    broken.clear()
    before = len(lab.endpoint.asked)

    job.retry(cell, only=failed[0])
    assert job.wait(5)
    alone = len(lab.endpoint.asked) - before
    left = [(call.node, call.index) for call in job.lanes[cell].calls if call.error]
    job.retry(cell)
    assert job.wait(5)

    assert (alone, left) == (1, failed[1:])
    assert len(lab.endpoint.asked) - before == 1 + 1 + 1
    assert job.lanes[cell].status == "done"
