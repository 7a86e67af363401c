"""A review's verdict: the word that votes allow, and whose votes count."""

import random

import pytest

from workbench.review.records import Pair, Review, Vote
from workbench.review.tally import Count
from workbench.review.verdicts import outcome_of, word_of
from workbench.statistics.binomial import sign_test


def review_of(documents, alike=0, catches=0):
    """v2 against v1 on so many documents."""
    pairs = [Pair(f"d{number}", (f"a{number}", f"b{number}"), ("v1", "v2")) for number in range(documents)]
    pairs += [Pair("c", (f"c{number}", f"c{number}"), ("v1", "v2"), "same") for number in range(catches)]
    return Review("r", "t", "flow", 0.0, "Ada", tuple(pairs), (("v1", "v2"),) * alike)


def votes_of(review, wins, reviewer="Ada", chance=None, choose=None):
    """The candidate wins the first so many documents, the baseline the others; sides at random, catches seen."""
    chance = chance or random.Random(4)
    found = []
    for number, pair in enumerate(review.pairs):
        flipped = chance.random() < 0.5
        right = "tie" if pair.catch else "left" if (number < wins) == flipped else "right"
        found.append(Vote(reviewer, number, choose(number) if choose else right, flipped, (), float(number)))
    return found


@pytest.mark.parametrize(
    ("documents", "wins", "word"),
    [(20, 18, "better"), (20, 2, "worse"), (20, 11, "not enough evidence"), (4, 4, "not enough evidence")],
)
def test_a_word_needs_evidence(documents, wins, word):
    """Four of four is not enough, eighteen of twenty is."""
    review = review_of(documents)

    (verdict,) = outcome_of(review, votes_of(review, wins)).verdicts

    assert verdict.word == word
    assert (verdict.count.wins, verdict.count.losses) == (wins, documents - wins)
    assert verdict.interval[0] <= verdict.share <= verdict.interval[1]
    assert (verdict.needed is None) == (word != "not enough evidence")


def test_a_review_without_votes_decides_nothing():
    """Equal answers are ties."""
    (verdict,) = outcome_of(review_of(3, alike=2), []).verdicts

    assert (verdict.word, verdict.share, verdict.interval, verdict.count.ties) == (
        "not enough evidence",
        None,
        (0, 1),
        2,
    )


def test_who_always_picks_left_decides_nothing():
    """Not enough evidence, and a warning that says why."""
    review = review_of(40)

    outcome = outcome_of(review, votes_of(review, 0, choose=lambda _: "left"))

    assert [verdict.word for verdict in outcome.verdicts] == ["not enough evidence"]
    assert outcome.verdicts[0].count.documents == 0
    assert [(doubt.reviewer, doubt.why) for doubt in outcome.doubts] == [
        ("Ada", "chose the answer at the left 40 of 40 times")
    ]


def test_who_misses_catch_trials_is_left_out_and_others_count():
    """A careless reviewer takes nothing away from a careful one."""
    review = review_of(20, catches=4)
    careless = votes_of(review, 10, "Bob", choose=lambda number: ("left", "right")[number % 2])

    outcome = outcome_of(review, [*votes_of(review, 18), *careless])

    assert [doubt.reviewer for doubt in outcome.doubts] == ["Bob"]
    assert outcome.verdicts[0].word == "better"


def test_reviews_of_equal_variants_name_a_winner_rarely():
    """Of 1,000 with nothing to find, at most 64 call one; the sign test is exact."""
    chance, called = random.Random(7), 0
    review = review_of(60)
    for _ in range(1_000):
        votes = [Vote("Ada", n, chance.choice(("left", "right")), chance.random() < 0.5, (), 0.0) for n in range(60)]
        called += outcome_of(review, votes).verdicts[0].word != "not enough evidence"

    assert called <= 64


def test_a_planted_winner_is_found():
    """Of 200 reviews of 60 documents in which the candidate wins 70 %, four in five see it."""
    chance, found = random.Random(8), 0
    review = review_of(60)
    for _ in range(200):
        wins = [chance.random() < 0.7 for _ in range(60)]
        votes = []
        for number, won in enumerate(wins):
            flipped = chance.random() < 0.5
            votes.append(Vote("Ada", number, "left" if won == flipped else "right", flipped, (), 0.0))
        found += outcome_of(review, votes).verdicts[0].word == "better"

    assert found >= 160


def test_looking_after_each_of_400_votes_names_a_winner_rarely():
    """Of 500 reviews of equal variants, watched from the first vote to the last, at most 6 % ever call one."""
    chance, called = random.Random(8), 0
    for _ in range(500):
        wins, words = 0, set()
        for seen in range(1, 401):
            wins += chance.random() < 0.5
            p = sign_test(wins, seen - wins) if seen == 400 else 1.0  # what a look before that doesn't go by
            words.add(word_of(Count(wins, seen - wins, 0), p, remaining=400 - seen, duels=1))
        called += words != {"not enough evidence"}

    assert 0 < called <= 30


def test_a_review_that_is_not_over_says_what_is_open():
    """A lead that would do at the end does not yet; one that is overwhelming does."""
    review = review_of(40)
    votes = votes_of(review, 14)

    (early,) = outcome_of(review, votes[:17]).verdicts
    (late,) = outcome_of(review_of(17), votes_of(review_of(17), 14)).verdicts
    (sure,) = outcome_of(review, votes_of(review, 40)[:30]).verdicts

    assert (early.word, early.open, early.count.documents) == ("not enough evidence", 23, 17)
    assert (late.word, late.open) == ("better", 0)
    assert (sure.word, sure.open) == ("better", 10)
