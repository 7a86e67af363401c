"""Verdicts on candidates: how often they are right, and what they say of odd inputs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.statistics.verdicts import verdicts_on
from workbench.statistics.wording import sentence


def scores(values):
    return {f"d{place:03}": [float(value)] for place, value in enumerate(values)}


def one(baseline, candidate, **options):
    return verdicts_on(baseline, {"v2": candidate}, **options)[0]


def words_of(tables):
    """The words on (baseline, candidate) columns of scores, with fewer resamples than a person gets."""
    return [one(scores(before), scores(after), resamples=500).word for before, after in tables]


def test_the_same_prompt_twice_wins_no_more_often_than_chance_allows():
    """Of 1,000 comparisons of a prompt with itself, half pass and fail, half numbers, at most 64 call a winner."""
    source = np.random.default_rng(11)
    flags = (source.random((500, 2, 60)) < 0.7).astype(float)
    numbers = source.gamma(2.0, size=(500, 2, 30))

    called = [word for word in words_of([*flags, *numbers]) if word != "not enough evidence"]

    assert len(called) <= 64
    assert len(called) >= 5  # a test that never speaks would pass too


def test_few_skewed_scores_with_repetitions_call_no_more_winners():
    """500 comparisons of 8 documents, 5 repetitions each, call a winner in at most 5 %, plus what chance adds."""
    source = np.random.default_rng(12)
    hardness = source.random((500, 1, 8, 1))
    runs = (source.random((500, 2, 8, 5)) < hardness).astype(float)

    words = []
    for before, after in runs:
        tables = [{f"d{row}": list(own) for row, own in enumerate(side)} for side in (before, after)]
        words.append(one(*tables, resamples=300).word)

    assert sum(word != "not enough evidence" for word in words) <= 37


def test_a_planted_winner_of_70_to_30_is_found():
    """In 400 comparisons of 60 documents of which 70 % prefer the candidate, 80 % or more say better, none worse."""
    won = np.random.default_rng(13).random((400, 60)) < 0.7

    words = words_of([(~row, row) for row in won])

    assert words.count("better") >= 320
    assert words.count("worse") == 0


def test_planted_rates_of_30_and_70_per_cent_are_found():
    """With 60 documents, independent passes of 30 and 70 % are told apart in nearly every comparison."""
    source = np.random.default_rng(14)

    words = words_of([(source.random(60) < 0.3, source.random(60) < 0.7) for _ in range(100)])

    assert words.count("better") >= 95


def test_four_candidates_that_change_nothing_together_call_no_more_winners_than_one():
    """300 experiments with 4 idle candidates call any winner in at most 5 %, plus what chance adds."""
    source = np.random.default_rng(15)
    called = 0
    for _ in range(300):
        passes = (source.random((5, 50)) < 0.6).astype(float)
        candidates = {f"v{place}": scores(own) for place, own in enumerate(passes[1:], 2)}
        called += any(v.word != "not enough evidence" for v in verdicts_on(scores(passes[0]), candidates))

    assert called <= 24


def test_a_difference_in_one_slice_is_told_for_that_slice():
    """A candidate that wins on letters only is better there, and a tag's verdict counts its documents alone."""
    baseline = scores([0] * 20 + [1] * 20)
    candidate = scores([1] * 20 + [1] * 20)
    tags = {name: ["letter" if place < 20 else "report"] for place, name in enumerate(sorted(baseline))}

    whole, letters, reports = verdicts_on(baseline, {"v2": candidate}, tags)

    assert (whole.slice, letters.slice, reports.slice) == ("", "letter", "report")
    assert (letters.word, letters.n, letters.wins, letters.ties) == ("better", 20, 20, 0)
    assert (reports.word, reports.difference, reports.ties) == ("not enough evidence", 0, 20)


def test_many_slices_raise_the_bar():
    """6 wins of 6 decide alone, but not as one of ten slices."""
    baseline, candidate = scores([0] * 60), scores([1] * 6 + [0] * 54)
    tags = {name: [f"t{place // 6}"] for place, name in enumerate(sorted(baseline))}

    alone = one(scores([0] * 6), scores([1] * 6))
    among_ten = next(v for v in verdicts_on(baseline, {"v2": candidate}, tags) if v.slice == "t0")

    assert alone.word == "better"
    assert (among_ten.word, among_ten.wins) == ("not enough evidence", 6)


def test_repetitions_of_a_document_count_once():
    """Three documents repeated 100 times are three documents: not enough evidence, however clear each is."""
    baseline = {name: [0.0] * 100 for name in "abc"}
    candidate = {name: [1.0] * 99 + [0.9] for name in "abc"}

    verdict = one(baseline, candidate)

    assert (verdict.word, verdict.n, verdict.wins) == ("not enough evidence", 3, 3)
    assert verdict.needed >= 3


def test_the_cases_said_to_be_needed_are_about_enough():
    """An undecided 13 of 20 asks for so many more that the same share then decides four times of five."""
    verdict = one(scores([0] * 13 + [1] * 7), scores([1] * 13 + [0] * 7))
    n = verdict.n + verdict.needed
    won = np.random.default_rng(16).random((200, n)) < 13 / 20

    words = words_of([(~row, row) for row in won])

    assert verdict.word == "not enough evidence"
    assert 0.7 <= words.count("better") / 200 <= 0.95


score = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(-5, 5).map(lambda value: round(value, 3)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(score, score), max_size=14))
def test_exchanged_variants_exchange_the_verdict(rows):
    """Candidate and baseline exchanged: the difference changes its sign, wins and losses their places, p stays."""
    before, after = scores(row[0] for row in rows), scores(row[1] for row in rows)

    there, back = one(before, after, resamples=200), one(after, before, resamples=200)

    opposite = {"better": "worse", "worse": "better"}
    assert back.word == opposite.get(there.word, there.word)
    assert (back.wins, back.losses, back.ties, back.p) == (there.losses, there.wins, there.ties, there.p)
    if there.interval is not None:
        assert back.difference == pytest.approx(-there.difference)
        assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]), abs=1e-9)


def test_a_win_more_never_makes_the_verdict_weaker():
    """With 20 documents, each further win has a p no larger among the winning ones, and a larger difference."""
    verdicts = [one(scores([0] * k + [1] * (20 - k)), scores([1] * k + [0] * (20 - k))) for k in range(10, 21)]

    assert [v.p for v in verdicts] == sorted((v.p for v in verdicts), reverse=True)
    assert [v.difference for v in verdicts] == sorted(v.difference for v in verdicts)
    assert [v.word for v in verdicts].count("better") == 6  # 15 of 20 has p = 0.041


def test_lower_seconds_are_better_when_said_so():
    """The difference stays candidate - baseline; the word and the wins turn."""
    slow, fast = scores([2.0 + place / 10 for place in range(12)]), scores([1.0 + place / 20 for place in range(12)])

    verdict = one(slow, fast, lower_is_better=True)

    assert (verdict.word, verdict.wins, verdict.losses) == ("better", 12, 0)
    assert verdict.difference < 0


def test_odd_inputs_give_not_enough_evidence_and_say_why():
    """No document, one document, the same scores and only ties decide nothing; documents of one side are left out."""
    nothing = one({}, {"a": [1.0]})
    single = one(scores([0.2]), scores([0.9]))
    same = one(scores([0.3] * 30), scores([0.1 + 0.2] * 30))
    passed = one(scores([1] * 30), scores([1] * 30))

    assert (nothing.n, nothing.difference, nothing.interval, nothing.unpaired) == (0, None, None, 1)
    assert (single.n, single.interval, single.word) == (1, None, "not enough evidence")
    assert (same.ties, same.word, same.needed) == (30, "not enough evidence", None)
    assert passed.interval[0] < 0 < passed.interval[1]
    assert "no document was scored for both" in sentence(nothing)
    assert "no difference was seen" in sentence(same)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_refused(value):
    """NaN and infinity end in a sentence with the document's name."""
    with pytest.raises(InputError, match="the score of d001 is"):
        one(scores([1, 0]), scores([1, value]))


def test_the_order_of_documents_changes_nothing():
    """The same scores in another order give the same verdict, to the last digit."""
    rows = list(scores(np.random.default_rng(17).random(25)).items())
    baseline = scores(np.zeros(25))

    assert one(baseline, dict(rows)) == one(baseline, dict(reversed(rows)))


def test_a_verdict_reads_as_a_sentence():
    """It has the word, the difference, the interval, n, wins, losses, ties, p and the method."""
    text = sentence(one(scores([0] * 12 + [1] * 8), scores([1] * 12 + [1] * 8)))

    assert text == (
        "v2: better; difference +0.6, interval +0.333 to +0.781; n = 20 cases: 12 won, 0 lost, 8 tied; "
        "p = 0.00049 (exact McNemar test, Newcombe's interval)."
    )
