"""The next version of an A/B test for each change that may be made to it; nothing is stored here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dataflows.ab.checks import check_test, check_weights
from dataflows.ab.records import ABTest, ABTestError, Arm, State, StopRule

_BEFORE: Mapping[State, tuple[State, ...]] = {
    "running": ("draft",),
    "stopped": ("draft", "running"),
    "killed": ("draft", "running"),
}
"""State -> those it follows. What was stopped or killed never runs again: its units would count twice."""


def drafted(
    name: str, dataflow: str, arms: Sequence[Arm], outcome: str, rule: StopRule, *, by: str, why: str
) -> ABTest:
    """The first version of a test; it splits nobody until it is started.

    Args:
        name: Of the test; it salts the split.
        dataflow: Whose prompts are compared.
        arms: The first one is the control arm.
        outcome: Name of the outcome that decides.
        rule: When to stop.
        by: Who makes it.
        why: For the log.

    Raises:
        ABTestError: See check_test.
    """
    unchecked = tuple(replace(arm, passed_sha256="") for arm in arms)
    test = ABTest(name, dataflow, unchecked, outcome, rule, "draft", 1, by.strip(), why.strip(), _now())
    check_test(test)
    return test


def started(test: ABTest, arms: Sequence[Arm], *, by: str, why: str) -> ABTest:
    """The test as it begins to split.

    Args:
        test: A draft.
        arms: Its arms after the gate: with what passed, and with labels replaced by what they point at.
        by: Who starts it.
        why: For the log.

    Raises:
        ABTestError: An arm hasn't passed the gate, or the test is no draft.
    """
    if test.state == "running":
        raise ABTestError(f"{test.name} is running; it can't be started again")
    return _next(replace(test, arms=tuple(arms)), "running", by, why)


def reweighted(test: ABTest, weights: Mapping[str, float], *, by: str, why: str) -> ABTest:
    """The test with other weights; units move only from arms that lose share to arms that win some.

    Raises:
        ABTestError: See check_weights; or the test has ended.
    """
    check_weights(test, weights)
    arms = tuple(replace(arm, weight=weights[arm.name]) for arm in test.arms)
    return _next(replace(test, arms=arms), test.state, by, why)


def with_arm(test: ABTest, arm: Arm, *, by: str, why: str) -> ABTest:
    """The test with one arm more; units move only to it. A running test needs one that has passed the gate.

    Raises:
        ABTestError: See check_test; or the test has ended.
    """
    return _next(replace(test, arms=(*test.arms, arm)), test.state, by, why)


def stopped(test: ABTest, *, by: str, why: str) -> ABTest:
    """The test at its end: everybody gets the control arm until a version is deployed.

    Raises:
        ABTestError: It has ended before.
    """
    return _next(test, "stopped", by, why)


def killed(test: ABTest, *, by: str, why: str) -> ABTest:
    """The test cut off because an arm does harm: everybody gets the control arm.

    Raises:
        ABTestError: It has ended before.
    """
    return _next(test, "killed", by, why)


def _next(test: ABTest, state: State, by: str, why: str) -> ABTest:
    stays = state == test.state and state in ("draft", "running")
    if not stays and test.state not in _BEFORE.get(state, ()):
        raise ABTestError(f"{test.name} is {test.state}; it can't be {_done(state, test.state)}")
    changed = replace(test, state=state, number=test.number + 1, by=by.strip(), why=why.strip(), at=_now())
    check_test(changed)
    return changed


def _done(state: State, before: State) -> str:
    return "changed any more" if state == before else "started" if state == "running" else state


def _now() -> datetime:
    return datetime.now(UTC)
