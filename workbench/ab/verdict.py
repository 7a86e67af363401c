"""What an A/B test says now, and whether to stop: valid however often it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from dataflows.ab import ABTest
from workbench.ab.contemporaries import Block, blocks_of
from workbench.ab.figures import ABFigures
from workbench.statistics.arms import ArmsVerdict, compare_arms
from workbench.statistics.verdict import Word

_MOST_LOOKS = 24


@dataclass(frozen=True)
class Look:
    """What was known of a difference at one moment."""

    at: float
    """Seconds since 1970-01-01 UTC."""
    known: ArmsVerdict
    """Its scores are means of blocks."""


@dataclass(frozen=True)
class ArmVerdict:
    """A candidate against the control arm."""

    arm: str
    looks: tuple[Look, ...]
    """At most 24, in the order of time; empty before both arms have an outcome."""
    limit: float
    """The e-value that decides."""

    @property
    def word(self) -> Word:
        """What the last look says; once decided it stays so."""
        return self.looks[-1].known.word if self.looks else "not enough evidence"


@dataclass(frozen=True)
class ABVerdict:
    """All candidates, and what the stop rule says."""

    arms: tuple[ArmVerdict, ...]
    stop: bool
    said: str
    """As a sentence."""


def verdict_of(test: ABTest, figures: ABFigures) -> ABVerdict:
    """The verdict by all outcomes so far.

    With several candidates each needs so many times the evidence (Bonferroni), so that alpha holds for all together.
    """
    candidates = test.arms[1:]
    alpha = test.rule.alpha / len(candidates)
    blocks = {arm.name: blocks_of(figures.votes, test.control.name, arm.name) for arm in candidates}
    verdicts = tuple(ArmVerdict(arm, _looks(own, alpha), 1 / alpha) for arm, own in blocks.items())
    return ABVerdict(verdicts, *_rule(test, figures, verdicts))


def rule_words(test: ABTest) -> str:
    """The stop rule, as it was said before the start."""
    limit = (len(test.arms) - 1) / test.rule.alpha
    return (
        f"Stop at an e-value of {limit:,.0f}, or at {test.rule.most_units:,} units with an outcome in each arm. "
        f"Where no arm is better, at most {100 * test.rule.alpha:g} of 100 tests ever show a winner, "
        "however often you look."
    )


def _looks(blocks: Sequence[Block], alpha: float) -> tuple[Look, ...]:
    ends = sorted({max(1, len(blocks) * number // _MOST_LOOKS) for number in range(1, _MOST_LOOKS + 1)})
    control, candidate = [own.control for own in blocks], [own.candidate for own in blocks]
    return tuple(
        Look(blocks[end - 1].at, compare_arms(control[:end], candidate[:end], alpha)) for end in ends if blocks
    )


def _rule(test: ABTest, figures: ABFigures, verdicts: Sequence[ArmVerdict]) -> tuple[bool, str]:
    control, better = test.control.name, [own.arm for own in verdicts if own.word == "better"]
    if better:
        return True, f"Stop: {' and '.join(better)} {'is' if len(better) == 1 else 'are'} better than {control}."
    if all(own.word == "worse" for own in verdicts):
        return True, f"Stop: no candidate is as good as {control}."
    # An arm that gets nobody would hold up the end for ever.
    fewest = min(figures.count(arm.name).units for arm in test.arms if arm.weight > 0)
    most = test.rule.most_units
    if fewest >= most:
        return True, f"Stop: not enough evidence after {fewest:,} units with an outcome in each arm."
    return False, f"Go on: not enough evidence yet; the smallest arm has {fewest:,} of {most:,} units with an outcome."
