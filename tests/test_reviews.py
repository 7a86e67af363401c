"""Blind reviews: which pairs are asked about, on which sides, how votes are kept, and what they come to."""

import random
from collections import Counter
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_runs import kept
from workbench.errors import HistoryError, UsageError
from workbench.review.pairing import order_of
from workbench.review.records import Place, Vote
from workbench.review.reviews import Reviews
from workbench.review.tally import ballots, duels, raters, reasons_of

pytest_plugins = ["tests.history_fixtures"]


@pytest.fixture
def reviews(history):
    return Reviews(history, random.Random(1))


def fill(history, documents=20, variants=("v1", "v2"), alike=()):
    """A done run of each variant on each document; on some documents all give the same."""
    runs = [
        kept(
            f"{'same' if number in alike else label} answer to {number}",
            at=100.0 + number,
            variant=label,
            base=label,
            document=f"{number:064x}",
            document_name=f"d{number}.pdf",
        )
        for number in range(documents)
        for label in variants
    ]
    history.put(runs)


def plain(review):
    """Numbers of the pairs that are no catch trials."""
    return [number for number, pair in enumerate(review.pairs) if not pair.catch]


def vote_all(reviews, review, reviewer, choose):
    """Vote on every pair as `choose(pair, place)` says."""
    for place in reviews.seat(review, reviewer):
        reviews.vote(review, reviewer, place, choose(review.pairs[place.pair], place))


def candidate(pair, place):
    """Somebody who always finds the candidate better, and sees through catch trials."""
    if pair.catch == "same":
        return "tie"
    return "right" if (pair.catch == "other") == place.is_flipped else "left"


def test_a_review_asks_about_every_document_that_both_have_answered(history, reviews):
    """Equal answers are ties that nobody is asked for; one in eight pairs is a catch trial."""
    fill(history, documents=20, alike=(3, 4))

    review = reviews.create("summarization", ["v1", "v2"], by="Ada")

    assert len(plain(review)) == 18
    assert len({review.pairs[number].document_name for number in plain(review)}) == 18
    assert review.alike == (("v1", "v2"), ("v1", "v2"))
    assert (
        Counter(pair.catch for pair in review.pairs)["same"] + Counter(pair.catch for pair in review.pairs)["other"]
        == 2
    )
    assert reviews.find(review.id) == review
    assert reviews.all("summarization") == [review]


def test_of_a_variant_on_a_document_the_newest_answer_counts(history, reviews):
    """Failed runs and older ones don't."""
    fill(history, documents=1)
    newer = kept("newer", at=900.0, variant="v1", base="v1", document="0" * 64)
    history.put([newer, kept("bad", at=950.0, variant="v1", base="v1", document="0" * 64, status="failed")])

    review = reviews.create("summarization", ["v1", "v2"], by="Ada")

    assert review.pairs[0].runs[0] == newer.id


def test_answers_of_an_earlier_text_of_a_draft_do_not_count(history, reviews):
    """A draft keeps its label when it is edited; only answers of its newest text stand for it."""
    fill(history, documents=3, variants=("v1",))
    old, new = ({"answer_prompt": text} for text in ("old", "new"))
    for number, prompts in enumerate((old, old, new)):
        history.record(
            kept(
                f"draft {number}", at=200.0 + number, variant="d", base="v1", document=f"{number:064x}", prompts=prompts
            )
        )

    review = reviews.create("summarization", ["v1", "d"], by="Ada")

    assert len(review.pairs) == 1


def test_without_two_variants_on_one_document_there_is_no_review(history, reviews):
    """The message says what is missing."""
    fill(history, documents=2, variants=("v1",))

    with pytest.raises(HistoryError, match="No document has answers"):
        reviews.create("summarization", ["v1", "v2"], by="Ada")
    with pytest.raises(UsageError, match="at least 2"):
        reviews.create("summarization", ["v1", "v1"], by="Ada")


@given(st.integers(0, 200), st.integers())
def test_sides_are_balanced_and_every_pair_comes_once(count, seed):
    """After any number of pairs, each side has had the candidate about as often."""
    order = order_of(count, random.Random(seed))

    assert sorted(pair for pair, _ in order) == list(range(count))
    assert abs(2 * sum(flipped for _, flipped in order) - count) <= 4


def test_each_reviewer_has_sides_of_their_own_that_stay(history, reviews):
    """The same seat after a refresh; another one for somebody else."""
    fill(history)
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")

    seats = [reviews.seat(review, name) for name in ("Ada", "Ada", "Bob")]

    assert seats[0] == seats[1] != seats[2]


def test_two_tabs_of_one_reviewer_sit_on_one_seat(history):
    """Whichever is quicker."""
    fill(history)
    review = Reviews(history).create("summarization", ["v1", "v2"], by="Ada")
    seats = []

    threads = [Thread(target=lambda: seats.append(Reviews(history).seat(review, "Ada"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seats) == 4
    assert seats.count(seats[0]) == 4


def test_votes_are_only_ever_added(history, reviews):
    """A second word on a pair and an undo are rows of their own; what stands is the last word."""
    fill(history, documents=3)
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")
    first, second, _ = reviews.seat(review, "Ada")

    reviews.vote(review, "Ada", first, "left", ["f", "nonsense", "l"])
    reviews.vote(review, "Ada", first, "tie")
    reviews.vote(review, "Ada", second, "right")
    undone = reviews.undo(review, "Ada")

    (vote,) = reviews.votes(review)
    assert (vote.pair, vote.choice) == (first.pair, "tie")
    assert undone.pair == second.pair
    with history.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM review_vote").scalar() == 4


def test_an_undo_gives_back_the_last_vote_and_then_the_one_before(history, reviews):
    """As often as there are votes."""
    fill(history, documents=3)
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")
    for place in reviews.seat(review, "Ada"):
        reviews.vote(review, "Ada", place, "left")

    undone = [reviews.undo(review, "Ada") for _ in range(4)]

    assert [vote.pair for vote in undone[:3]] == [place.pair for place in reversed(reviews.seat(review, "Ada"))]
    assert undone[3] is None


def test_a_vote_counts_for_whoever_stood_on_its_side():
    """Flipped sides are turned back."""
    said = [
        Vote("a", 0, choice, flipped, (), 0.0).for_candidate
        for choice in ("left", "right", "tie")
        for flipped in (0, 1)
    ]

    assert said == [-1, 1, 1, -1, 0, 0]


def test_a_document_counts_once_however_many_vote_on_it(history, reviews):
    """The sum of its votes decides; equal answers are ties; catch trials count for nobody."""
    fill(history, documents=10, alike=(0,))
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")
    for name in ("Ada", "Bob"):
        vote_all(reviews, review, name, candidate)
    vote_all(reviews, review, "Cy", lambda pair, place: "tie")

    count = duels(review, reviews.votes(review))["v1", "v2"]

    assert (count.wins, count.losses, count.ties, count.documents) == (9, 0, 1, 10)


def test_who_always_picks_left_is_seen_and_wins_nothing(history, reviews):
    """Their sides are balanced, so that neither variant gains; catch trials and the share of left tell."""
    fill(history, documents=40)
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")
    vote_all(reviews, review, "Lefty", lambda pair, place: "left")

    (rater,) = raters(review, reviews.votes(review))
    count = duels(review, reviews.votes(review))["v1", "v2"]

    assert (rater.left, rater.right) == (40, 0)
    assert rater.catches == 5
    assert rater.caught < rater.catches
    assert abs(count.wins - count.losses) <= 6


def test_a_careful_reviewer_answers_catch_trials(history, reviews):
    """The same answer twice is a tie; an answer to another document loses."""
    fill(history, documents=40)
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")
    vote_all(reviews, review, "Ada", lambda pair, place: candidate(pair, place))

    (rater,) = raters(review, reviews.votes(review))

    assert {pair.catch for pair in review.pairs} == {"", "same", "other"}
    assert (rater.caught, rater.catches) == (5, 5)


def test_reasons_stand_at_the_worse_answer(history, reviews):
    """And only pairs that several voted on tell of agreement."""
    fill(history, documents=2)
    review = reviews.create("summarization", ["v1", "v2"], by="Ada")
    first, second = reviews.seat(review, "Ada")
    reviews.vote(review, "Ada", first, "right" if first.is_flipped else "left", ["l"])
    reviews.vote(review, "Ada", second, "tie", ["f"])
    reviews.vote(review, "Bob", Place(first.pair, False), "left")

    votes = reviews.votes(review)

    assert reasons_of(review, votes) == {"v2": Counter({"l": 1})}
    assert ballots(review, votes) == [{"Ada": -1, "Bob": -1}]
