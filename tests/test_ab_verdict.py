"""The verdict of an A/B test: false wins when it is watched all the time, true ones, drift, and its edges."""

import random

import pytest

from dataflows.ab import Arm, StopRule
from tests.ab_makers import CANDIDATE, CONTROL, draft_test
from workbench.ab.contemporaries import Block, blocks_of
from workbench.ab.figures import ABFigures, Vote
from workbench.ab.verdict import rule_words, verdict_of
from workbench.statistics.arms import compare_arms

TEST = draft_test()


def votes(seed, most, rate, share=0.5):
    """Votes of two arms, in the order they come in.

    Args:
        rate: (is it the candidate's?, how much of the test is over) -> the chance of a 1.
        share: Of the candidate.
    """
    draw = random.Random(seed)
    made = []
    for number in range(most):
        is_candidate = draw.random() < share
        arm = "candidate" if is_candidate else "control"
        made.append(Vote(arm, float(draw.random() < rate(is_candidate, number / most)), float(number)))
    return made


def last_looks(own):
    """The word after all votes: what any look before has decided, stays, see the next test."""
    blocks = blocks_of(own, "control", "candidate")
    return compare_arms([one.control for one in blocks], [one.candidate for one in blocks]).word


def test_peeking_after_each_of_400_votes_gives_at_most_six_percent_false_wins():
    """Where both arms are as good, of 300 tests with rates of 0.1, 0.5 and 0.9."""
    found = [last_looks(votes(seed, 400, lambda *_, own=rate: own)) for rate in (0.1, 0.5, 0.9) for seed in range(100)]

    assert sum(own != "not enough evidence" for own in found) / len(found) <= 0.06


def test_what_one_look_has_decided_no_later_one_takes_back():
    """Looked at after each eighth vote of 400, the word changes once; so the last look stands for all of them."""
    for seed in range(3):
        own = votes(seed, 400, lambda is_candidate, _: 0.8 if is_candidate else 0.4)

        words = [last_looks(own[:end]) for end in range(0, 401, 8)]

        first = words.index("better")
        assert set(words[:first]) == {"not enough evidence"}
        assert set(words[first:]) == {"better"}


def test_a_true_difference_is_found_and_called_by_its_sign():
    """Of 50 against 75 of 100, in 36 of 40 tests within 800 votes; and the other way round."""
    better = [last_looks(votes(seed, 800, lambda is_candidate, _: 0.75 if is_candidate else 0.5)) for seed in range(40)]
    worse = [last_looks(votes(seed, 800, lambda is_candidate, _: 0.5 if is_candidate else 0.75)) for seed in range(5)]

    assert better.count("better") >= 36
    assert set(worse) == {"worse"}


def test_drift_makes_no_winner_where_one_arm_gets_a_tenth():
    """The rate falls from 0.9 to 0.1 for both: votes are compared with those of their time, not by their number."""
    found = [last_looks(votes(seed, 1_000, lambda _, over: 0.9 - 0.8 * over, share=0.1)) for seed in range(60)]

    assert sum(own != "not enough evidence" for own in found) <= 3


def test_more_votes_never_change_a_block():
    """Blocks of some votes are the first blocks of more; the later ones need more votes of each arm."""
    own = votes(1, 6_000, lambda *_: 0.5)

    all_blocks, some = blocks_of(own, "control", "candidate"), blocks_of(own[:2_500], "control", "candidate")

    assert all_blocks[: len(some)] == some
    assert 500 < len(some) < len(all_blocks)
    assert blocks_of(own[:3], "nobody", "candidate") == []


def test_a_block_has_the_mean_of_all_votes_of_its_time():
    """None of the larger arm's is left out."""
    own = [Vote("control", 1.0, 1.0), Vote("third", 1.0, 2.0), Vote("control", 0.0, 3.0), Vote("candidate", 0.5, 4.0)]

    assert blocks_of(own, "control", "candidate") == [Block(0.5, 0.5, 4.0)]


def counted(**arms):
    """Arm -> (votes, of which are 1), mixed evenly."""
    made = [
        (number / units, Vote(arm, float(number * ones // units != (number + 1) * ones // units), 0.0))
        for arm, (units, ones) in arms.items()
        for number in range(units)
    ]
    return ABFigures({}, [vote for _, vote in sorted(made, key=lambda own: own[0])])


@pytest.mark.parametrize(
    ("figures", "stop", "said"),
    [
        (counted(), False, "Go on: not enough evidence yet; the smallest arm has 0 of 100 units"),
        (counted(control=(50, 25)), False, "Go on: not enough evidence yet; the smallest arm has 0 of 100"),
        (
            counted(control=(50, 25), candidate=(99, 50)),
            False,
            "Go on: not enough evidence yet; the smallest arm has 50",
        ),
        (counted(control=(120, 60), candidate=(100, 50)), True, "Stop: not enough evidence after 100 units"),
        (counted(control=(90, 80), candidate=(90, 10)), True, "Stop: no candidate is as good as control"),
        (counted(control=(90, 10), candidate=(90, 80)), True, "Stop: candidate is better than control"),
    ],
)
def test_the_stop_rule_says_what_to_do(figures, stop, said):
    """Go on, or stop with or without a winner."""
    verdict = verdict_of(draft_test(rule=StopRule(0.05, 100)), figures)

    assert verdict.stop is stop
    assert verdict.said.startswith(said)


def test_each_of_two_candidates_has_to_reach_twice_the_evidence():
    """So that false wins stay as rare for both together; one that is better is named."""
    test = draft_test(CONTROL, CANDIDATE, Arm("third", 10.0, CANDIDATE.prompts))

    verdict = verdict_of(test, counted(control=(90, 20), candidate=(90, 85), third=(9, 2)))

    assert [own.limit for own in verdict.arms] == [40.0, 40.0]
    assert [own.word for own in verdict.arms] == ["better", "not enough evidence"]
    assert rule_words(test).startswith("Stop at an e-value of 40, or at 2,000 units")


def test_looks_are_few_and_in_order():
    """At most 24 of any number of votes, the last of all that came in."""
    looks = verdict_of(TEST, ABFigures({}, votes(1, 1_500, lambda *_: 0.5))).arms[0].looks

    assert len(looks) == 24
    assert [own.at for own in looks] == sorted(own.at for own in looks)
    widths = [own.known.interval[1] - own.known.interval[0] for own in looks]
    assert widths == sorted(widths, reverse=True)
