from pages.shared.standing import budget_reached, is_over_budget, standing_of_run
from workbench.records import Answer, Budget, Call, CallRequest, Run


def call(index, node="summarized_chunks", **facts):
    return Call(node, index, CallRequest("o", "m", (("user", f"{node} {index}"),)), **facts)


def done(index, node="summarized_chunks", seconds=1.25, **facts):
    return call(index, node, answer=Answer("text", 10, 5, seconds, 0.1), **facts)


def run_of(status, *calls, error=None):
    return standing_of_run(Run("v1", "d", status, calls=calls, error=error, output_node="summarized_text"))


def test_each_failed_call_has_its_place_reason_and_hint():
    """Failures come in the order of the chain, the last call is the answer, and the headline counts them."""
    standing = run_of(
        "failed",
        call(0, "summarized_text", answer=None, error="It is too long.", hint="Shorten it."),
        done(0),
        call(1, answer=None, error="The endpoint answered 500.", hint="Run again later."),
    )

    assert [(own.node, own.index, own.place, own.message, own.hint) for own in standing.failures] == [
        ("summarized_chunks", 1, "chunk 2 of 2", "The endpoint answered 500.", "Run again later."),
        ("summarized_text", 0, "the answer", "It is too long.", "Shorten it."),
    ]
    assert standing.headline == "Failed · 2 of 3 calls"


def test_each_step_says_what_became_of_it():
    """A reused step says so, a failed one why, and one that was never made that it wasn't."""
    standing = run_of(
        "failed",
        done(0),
        done(1, reused=True),
        call(2, answer=None, error="The endpoint answered 500."),
        call(3, answer=None),
    )

    assert standing.tips() == [
        "chunk 1 of 4: 1.2 s",
        "chunk 2 of 4: reused, made in 1.2 s",
        "chunk 3 of 4: The endpoint answered 500.",
        "chunk 4 of 4: not made",
        "the answer: not begun",
    ]
    assert len(standing.tips()) == len(standing.steps)


def test_a_run_stopped_by_its_budget_says_which_and_what_is_missing():
    """Calls of the steps that were not reached count as missing too."""
    error = ("BudgetError", "summarized_chunks: The budget of 2 calls is used up. 1 of 3 calls were not made.")
    standing = run_of("stopped", done(0), done(1), call(2, answer=None), error=error)
    money = run_of("stopped", done(0), error=("BudgetError", "The budget of $0.01 does not allow the next call."))

    assert is_over_budget(standing.run)
    assert standing.headline == "Stopped by the budget"
    assert budget_reached(Budget(calls=2), standing) == "The budget of 2 calls is used up: 2 of 4 calls were not made."
    assert budget_reached(Budget(calls=50, usd=0.01), money) == (
        "The next call could cross the budget of $0.01: 1 of 2 calls were not made."
    )


def test_a_run_that_a_person_stopped_is_not_over_budget():
    """Stop is told apart from a budget."""
    standing = run_of("stopped", done(0), error=("StopError", "The run was stopped."))

    assert not is_over_budget(standing.run)
    assert standing.headline == "Stopped"
    assert standing.failures == []
