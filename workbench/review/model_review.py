"""A model's judgement of a whole review, beside people's."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.engine.calls import CallPool
from workbench.engine.stopping import Stop
from workbench.history.history import History
from workbench.models.endpoints import Endpoint
from workbench.records import ModelChoice
from workbench.review.judge import Habits, Judgement, habits_of, judge
from workbench.review.records import Pair, Review
from workbench.review.tally import Count, Duel
from workbench.statistics.binomial import sign_test
from workbench.statistics.correction import holm
from workbench.statistics.intervals import Interval, wilson
from workbench.statistics.position_bias import lean_left, lean_to_longer
from workbench.statistics.verdict import ALPHA, Word

_MOST_PAIRS = 100


@dataclass(frozen=True)
class ModelVerdict:
    """What the model says of a candidate against a baseline."""

    duel: Duel
    count: Count
    """Of pairs; those on which its orders contradict each other are ties."""
    word: Word
    interval: Interval
    """Of the share of decided pairs that the candidate won, 95 %. Source: Wilson 1927."""
    p: float
    """Exact sign test, corrected over all duels. Sources: Conover 1999; Holm 1979."""


@dataclass(frozen=True)
class ModelReview:
    """All that it says, and what it tends to."""

    verdicts: tuple[ModelVerdict, ...]
    habits: Habits
    prefers_a_side: bool
    prefers_a_length: bool


def judged_pairs(review: Review) -> list[Pair]:
    """Those that a model is shown: no catch trials, and a hundred at most."""
    return [pair for pair in review.pairs if not pair.catch][:_MOST_PAIRS]


def model_review(
    review: Review, history: History, choice: ModelChoice, pool: CallPool, endpoint: Endpoint, stop: Stop
) -> ModelReview:
    """Ask the model about each pair in both orders; kept replies are not asked for again.

    Args:
        review: Its pairs.
        history: Has their answers.
        choice: Which model judges.
        pool: The process's calls.
        endpoint: Where to ask.
        stop: Ends it.

    Raises:
        HistoryError: An answer is not kept any more.
        StopError: It was stopped.
    """
    pairs = judged_pairs(review)
    texts = [(history.open(pair.runs[0]).run.output, history.open(pair.runs[1]).run.output) for pair in pairs]
    found = judge(texts, choice, pool, endpoint, stop)
    habits = habits_of(found)
    return ModelReview(
        verdicts=tuple(_verdicts(pairs, found)),
        habits=habits,
        prefers_a_side=lean_left("It", habits.shown_first, habits.shown_second).warning != "",
        prefers_a_length=lean_to_longer("It", habits.longer, habits.shorter).warning != "",
    )


def _verdicts(pairs: Sequence[Pair], found: Sequence[Judgement]) -> list[ModelVerdict]:
    counts = {}
    for duel in dict.fromkeys(pair.labels for pair in pairs):
        said = [own.for_candidate for pair, own in zip(pairs, found, strict=True) if pair.labels == duel]
        counts[duel] = Count(said.count(1), said.count(-1), said.count(0))
    corrected = holm([sign_test(own.wins, own.losses) for own in counts.values()])
    verdicts = []
    for (duel, count), p in zip(counts.items(), corrected, strict=True):
        word: Word = "not enough evidence" if p > ALPHA else "better" if count.wins > count.losses else "worse"
        verdicts.append(ModelVerdict(duel, count, word, wilson(count.wins, count.wins + count.losses), p))
    return verdicts
