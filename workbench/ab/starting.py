"""Changes of A/B tests that the workbench makes: a draft, a start after the gate, other weights, a stop, a kill."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dataflows import ab
from dataflows.prompt_store import PromptSource
from workbench.ab.passing import passed_arm
from workbench.errors import UsageError


def draft(
    tests: ab.ABTests,
    name: str,
    dataflow: str,
    arms: Sequence[ab.Arm],
    outcome: str,
    rule: ab.StopRule,
    *,
    by: str,
    why: str,
) -> ab.ABTest:
    """Keep a new test, which splits nobody until it is started; see dataflows.ab.drafted.

    Raises:
        UsageError: It makes no sense, there is one of its name, or the database is away.
    """
    return _kept(tests, lambda: ab.drafted(name, dataflow, arms, outcome, rule, by=by, why=why))


def start(tests: ab.ABTests, test: ab.ABTest, root: Path, store: PromptSource, *, by: str, why: str) -> ab.ABTest:
    """Begin to split, once every arm's prompts have passed the gate.

    Args:
        tests: Where it is kept.
        test: The draft as it was looked at.
        root: The project whose modules are the arms.
        store: The prompt store that the service asks.
        by: Who starts it.
        why: For the log.

    Raises:
        UsageError: An arm doesn't pass, and the message says which rule; or as for draft.
    """
    return _kept(
        tests, lambda: ab.started(test, [passed_arm(root, test, own, store) for own in test.arms], by=by, why=why)
    )


def add_arm(
    tests: ab.ABTests, test: ab.ABTest, arm: ab.Arm, root: Path, store: PromptSource, *, by: str, why: str
) -> ab.ABTest:
    """Split between one arm more, once its prompts have passed the gate. Arguments and errors as of start."""
    return _kept(tests, lambda: ab.with_arm(test, passed_arm(root, test, arm, store), by=by, why=why))


def reweight(tests: ab.ABTests, test: ab.ABTest, weights: Mapping[str, float], *, by: str, why: str) -> ab.ABTest:
    """Split by other weights. Errors as of draft."""
    return _kept(tests, lambda: ab.reweighted(test, weights, by=by, why=why))


def stop(tests: ab.ABTests, test: ab.ABTest, *, by: str, why: str) -> ab.ABTest:
    """End a test. Errors as of draft."""
    return _kept(tests, lambda: ab.stopped(test, by=by, why=why))


def kill(tests: ab.ABTests, test: ab.ABTest, *, by: str, why: str) -> ab.ABTest:
    """Send everybody to the control arm, whatever somebody else has changed since. Errors as of draft."""

    def cut_off() -> ab.ABTest:
        return ab.killed(tests.current(test.name), by=by, why=why)

    return _kept(tests, cut_off)


def _kept(tests: ab.ABTests, change: Callable[[], ab.ABTest]) -> ab.ABTest:
    try:
        changed = change()
        tests.add(changed)
    except ab.ABTestError as error:
        said = str(error)
        hint = "Start the database, then try again." if isinstance(error, ab.ABTestsUnavailableError) else ""
        raise UsageError(f"{said[:1].upper()}{said[1:]}.", hint) from error
    return changed
