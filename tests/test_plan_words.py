import pytest

from pages.shared.plan_words import budget_words, dollars, plan_words, progress_words, refusals
from workbench.engine.plan import CellPlan, Plan
from workbench.engine.plans import Count
from workbench.errors import InputError, PromptError
from workbench.records import Budget, ModelChoice

REMOTE = ModelChoice("gpt-4.1-mini", "remote")
LOCAL = ModelChoice("small", "local")


def plan_of(made, reused, *, tokens=61_234, low=0.0213, high=0.0644, complete=True, refused=None):
    cells = {("v1", "d", 0): CellPlan({"node": (made, reused)}, complete)} if made + reused else {}
    return Plan(cells, refused or {}, tokens, low, high)


@pytest.mark.parametrize(
    ("plan", "model", "said"),
    [
        (plan_of(41, 123), REMOTE, "41 calls to make, 123 reused · about 61,000 tokens in · $0.021 to $0.064"),
        (plan_of(1, 0, tokens=87), REMOTE, "1 call to make · about 87 tokens in · $0.021 to $0.064"),
        (
            plan_of(1204, 0, low=3.2, high=14.201),
            REMOTE,
            "1,204 calls to make · about 61,000 tokens in · $3.20 to $14.20",
        ),
        (plan_of(41, 0, low=0.0, high=0.0), LOCAL, "41 calls to make · about 61,000 tokens in · local, free"),
        (plan_of(41, 0, low=None, high=None), REMOTE, "41 calls to make · about 61,000 tokens in · price unknown"),
        (plan_of(41, 0, low=0.02, high=0.02), REMOTE, "41 calls to make · about 61,000 tokens in · $0.02"),
        (plan_of(0, 123, tokens=0, low=0.0, high=0.0), REMOTE, "Nothing to make: every answer is kept"),
        (plan_of(3, 0, complete=False), REMOTE, "at least 3 calls to make · about 61,000 tokens in · $0.021 to $0.064"),
        (plan_of(0, 0), REMOTE, ""),
    ],
)
def test_a_plan_is_one_line(plan, model, said):
    """Calls to make and reused, tokens in, and the price range, each left out where there is nothing to say."""
    assert plan_words(plan, model) == said


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(), ""),
        (Budget(calls=46), ""),
        (Budget(calls=20), "the budget of 20 calls stops it after 20 of 46"),
        (Budget(calls=1), "the budget of 1 call stops it after 1 of 46"),
        (Budget(usd=0.07), ""),
        (Budget(usd=0.05), "the budget of $0.05 may stop it before the end"),
        (Budget(usd=0.01), "the budget of $0.01 stops it before the end"),
    ],
)
def test_a_budget_says_what_it_does_to_the_plan(budget, said):
    """Nothing when the plan fits; where calls end it, after how many; for money, whether it will or only may."""
    assert budget_words(plan_of(46, 3), budget) == said


def test_a_budget_in_money_can_not_be_kept_where_the_price_is_unknown():
    """Before the run is refused for it, the line says why."""
    said = budget_words(plan_of(46, 3, low=None, high=None), Budget(usd=0.01))

    assert said == "the price is unknown, so the budget of $0.01 can't be kept"


def test_what_can_not_run_says_why():
    """Refused variants stand with their reason and what to do, those with the same one together."""
    lacking = PromptError("It lacks {results}.", "Add it.")
    refused = {"v3-draft": lacking, "v2": PromptError("It is broken."), "v2-draft": lacking}

    assert refusals(Count(plan_of(1, 0, refused=refused))) == [
        "v3-draft and v2-draft can't run: It lacks {results}. Add it.",
        "v2 can't run: It is broken.",
    ]
    assert refusals(Count(error=InputError("No such input."))) == ["This can't run: No such input."]
    assert refusals(Count()) == []


@pytest.mark.parametrize(
    ("made", "planned", "reused", "said"),
    [
        (12, 41, 123, "12 of 41 calls made, 123 reused"),
        (0, 1, 0, "0 of 1 call made"),
        (1, None, 2, "1 call made, 2 reused"),
    ],
)
def test_progress_is_told_against_the_plan(made, planned, reused, said):
    """What is made of what was planned; without a plan, what is made."""
    assert progress_words(made, planned, reused) == said


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        (0, "$0.00"),
        (0.00003, "under $0.0001"),
        (0.0031, "$0.0031"),
        (0.0213, "$0.021"),
        (0.05, "$0.05"),
        (0.5, "$0.50"),
        (1234.5, "$1,234.50"),
    ],
)
def test_money_keeps_two_digits_that_count(usd, said):
    """Cents from ten cents on, below that two digits, and never an exponent."""
    assert dollars(usd) == said
