"""What votes come to: per pair of variants by document, per reviewer, and whether a reviewer can be relied on."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.review.records import Review, Vote
from workbench.statistics.ranking import Bout

Duel = tuple[str, str]
"""(label of the baseline, label of the candidate)"""


@dataclass(frozen=True)
class Count:
    """Documents by what was said of them."""

    wins: int
    """The candidate is better, by the sum of all reviewers' votes on the document."""
    losses: int
    ties: int
    """Neither is, or as many said one as the other; equal answers among them."""

    @property
    def documents(self) -> int:
        """All of them."""
        return self.wins + self.losses + self.ties


@dataclass(frozen=True)
class Rater:
    """One reviewer's habits."""

    name: str
    votes: int
    """Catch trials not counted."""
    left: int
    """For the answer at the left."""
    right: int
    caught: int
    """Catch trials answered as a careful reviewer would."""
    catches: int
    """Catch trials answered."""


def duels(review: Review, votes: Sequence[Vote], without: Sequence[str] = ()) -> dict[Duel, Count]:
    """Each pair of variants -> documents won, lost and tied; every document counts once, however many voted on it.

    Args:
        review: The pairs.
        votes: Those that stand.
        without: Reviewers whose votes don't count.
    """
    sums: dict[tuple[Duel, str], int] = {}
    for vote in votes:
        pair = review.pairs[vote.pair]
        if not pair.catch and vote.reviewer not in without:
            key = (pair.labels, pair.runs[0])
            sums[key] = sums.get(key, 0) + vote.for_candidate
    alike = Counter(review.alike)
    found: dict[Duel, Count] = {}
    for duel in dict.fromkeys([*(pair.labels for pair in review.pairs if not pair.catch), *review.alike]):
        own = [said for (labels, _), said in sums.items() if labels == duel]
        ties = sum(said == 0 for said in own) + alike[duel]
        found[duel] = Count(sum(said > 0 for said in own), sum(said < 0 for said in own), ties)
    return found


def documents_of(review: Review, duel: Duel) -> int:
    """How many documents a pair of variants has, judged or not; those with equal answers among them."""
    asked = {pair.runs[0] for pair in review.pairs if not pair.catch and pair.labels == duel}
    return len(asked) + review.alike.count(duel)


def raters(review: Review, votes: Sequence[Vote]) -> list[Rater]:
    """Each reviewer, by name."""
    by_name: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        by_name[vote.reviewer].append(vote)
    return [_rater(review, name, own) for name, own in sorted(by_name.items())]


def _rater(review: Review, name: str, votes: Sequence[Vote]) -> Rater:
    plain = [vote for vote in votes if not review.pairs[vote.pair].catch]
    catches = [vote for vote in votes if review.pairs[vote.pair].catch]
    expected = {"same": 0, "other": -1}
    return Rater(
        name=name,
        votes=len(plain),
        left=sum(vote.choice == "left" for vote in plain),
        right=sum(vote.choice == "right" for vote in plain),
        caught=sum(vote.for_candidate == expected[review.pairs[vote.pair].catch] for vote in catches),
        catches=len(catches),
    )


def bouts(review: Review, votes: Sequence[Vote], without: Sequence[str] = ()) -> list[Bout]:
    """What the votes on each pair come to, as a ranking takes it; equal answers are in no bout.

    Args:
        review: The pairs.
        votes: Those that stand.
        without: Reviewers whose votes don't count.
    """
    sums: dict[int, int] = defaultdict(int)
    for vote in votes:
        if not review.pairs[vote.pair].catch and vote.reviewer not in without:
            sums[vote.pair] += vote.for_candidate
    found = []
    for number, total in sums.items():
        pair = review.pairs[number]
        share = 0.5 if total == 0 else 1.0 if total > 0 else 0.0
        found.append(Bout(pair.document_name, pair.labels[1], pair.labels[0], share))
    return found


def ballots(review: Review, votes: Sequence[Vote]) -> list[Mapping[str, int]]:
    """For each pair that several voted on: reviewer -> 1, 0 or -1; for their agreement."""
    by_pair: dict[int, dict[str, int]] = defaultdict(dict)
    for vote in votes:
        if not review.pairs[vote.pair].catch:
            by_pair[vote.pair][vote.reviewer] = vote.for_candidate
    return [own for own in by_pair.values() if len(own) > 1]


def reasons_of(review: Review, votes: Sequence[Vote]) -> dict[str, Counter[str]]:
    """Label of the worse answer -> keys of reasons, counted."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for vote in votes:
        pair = review.pairs[vote.pair]
        if not pair.catch and vote.for_candidate:
            found[pair.labels[0] if vote.for_candidate > 0 else pair.labels[1]].update(vote.reasons)
    return dict(found)
