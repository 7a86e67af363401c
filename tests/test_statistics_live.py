"""Verdicts that may be looked at after every vote."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from workbench.errors import InputError
from workbench.statistics.arms import compare_arms
from workbench.statistics.betting import stakes
from workbench.statistics.sequential import live_word, log_e_value


def first_calls(wins):
    """For each row of votes, what is called first and after how many votes, looking after each."""
    calls, known = [], {}
    for row in wins:
        won, call = 0, ("not enough evidence", len(row))
        for n, win in enumerate(row, 1):
            won += int(win)
            if (won, n) not in known:
                known[won, n] = live_word(won, n - won)
            if known[won, n] != "not enough evidence":
                call = (known[won, n], n)
                break
        calls.append(call)
    return calls


def test_looking_after_each_of_400_votes_calls_few_false_winners():
    """In 2,000 runs of 400 fair votes, looked at after each, at most 6 % ever call a winner."""
    calls = first_calls(np.random.default_rng(21).random((2_000, 400)) < 0.5)

    false = sum(word != "not enough evidence" for word, _ in calls)
    assert 0 < false <= 120


def test_a_true_winner_is_called_early():
    """A candidate with 70 % of the votes is called better in nearly all runs, half of them within 70 votes."""
    calls = first_calls(np.random.default_rng(22).random((200, 400)) < 0.7)

    assert [word for word, _ in calls].count("better") >= 196
    assert np.median([n for _, n in calls]) <= 70


@pytest.mark.parametrize(("wins", "losses", "fair"), [(0, 0, 0.5), (7, 3, 0.5), (40, 70, 0.3)])
def test_the_e_value_is_the_mean_gain_of_all_bets(wins, losses, fair):
    """It is scipy's integral of the likelihood over all win shares, by that of the doubted share."""
    top = stats.binom.pmf(wins, wins + losses, fair)
    mixed = integrate.quad(lambda share: stats.binom.pmf(wins, wins + losses, share), 0, 1)[0]

    assert log_e_value(wins, losses, fair) == pytest.approx(math.log(mixed / top), abs=1e-6)


def test_the_true_share_is_refuted_at_any_look_rarely():
    """In 300 runs of 200 votes, a true share of 0.8 is refuted at any look in at most 5 %, plus chance."""
    wins = np.cumsum(np.random.default_rng(23).random((300, 200)) < 0.8, axis=1)

    missed = sum(
        any(log_e_value(int(won), n - int(won), 0.8) >= math.log(20) for n, won in enumerate(row, 1)) for row in wins
    )

    assert missed <= 26


def test_without_votes_nothing_is_said():
    """No vote is an e-value of 1; counts below 0, and a share that can't be doubted, are refused."""
    assert live_word(0, 0) == "not enough evidence" and log_e_value(0, 0) == pytest.approx(0)
    assert live_word(100_000, 0) == "better" and live_word(0, 100_000) == "worse"
    for ask in (lambda: live_word(-1, 0), lambda: log_e_value(1, 1, 0)):
        with pytest.raises(InputError):
            ask()


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.95])
def test_two_equal_arms_are_seldom_told_apart_at_any_look(rate):
    """In 120 tests of 400 visitors per arm, with every look counted, at most 6 % ever call a winner."""
    visits = (np.random.default_rng(24).random((120, 2, 400)) < rate).astype(float)

    results = [compare_arms(*arms) for arms in visits]

    assert sum(result.word != "not enough evidence" for result in results) <= 7
    assert sum(not result.interval[0] <= 0 <= result.interval[1] for result in results) <= 7


def test_a_better_arm_is_found_and_its_gain_lies_in_the_interval():
    """Rates of 40 and 60 % with 400 visitors each are told apart in most tests; the interval has the true 0.2."""
    source = np.random.default_rng(25)

    results = [compare_arms(source.random(400) < 0.4, source.random(400) < 0.6) for _ in range(60)]

    assert [result.word for result in results].count("better") >= 48
    assert sum(result.interval[0] <= 0.2 <= result.interval[1] for result in results) >= 55
    assert "worse" not in [result.word for result in results]


def test_no_bet_knows_its_number():
    """Another last number changes no stake; another number before changes the later ones."""
    numbers = np.random.default_rng(28).random(30)
    last, earlier = numbers.copy(), numbers.copy()
    last[-1], earlier[20] = 0, 0

    assert (stakes(last, 0.05) == stakes(numbers, 0.05)).all()
    assert list(np.flatnonzero(stakes(earlier, 0.05) != stakes(numbers, 0.05))) == list(range(21, 30))


def test_exchanged_arms_exchange_the_verdict():
    """The interval and the difference turn their signs."""
    source = np.random.default_rng(26)
    one, two = source.random(300) * 0.5, source.random(310)

    there, back = compare_arms(one, two), compare_arms(two, one)

    assert (there.word, back.word) == ("better", "worse")
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    assert back.difference == pytest.approx(-there.difference)
    assert (there.pairs, there.unpaired) == (300, 10)


def test_what_was_refuted_once_stays_refuted():
    """An interval never grows with more visitors, also over the edge of a block."""
    source = np.random.default_rng(27)
    one, two = source.random(2_100) < 0.5, source.random(2_100) < 0.6

    intervals = [compare_arms(one[:n], two[:n]).interval for n in (50, 500, 1_999, 2_001, 2_100)]

    assert all(b[0] >= a[0] and b[1] <= a[1] for a, b in pairwise(intervals))


def test_arms_without_scores_or_with_odd_ones():
    """An empty arm decides nothing; scores outside 0 to 1 and NaN are refused."""
    empty = compare_arms([], [1.0, 0.0])

    assert (empty.word, empty.difference, empty.interval, empty.unpaired) == ("not enough evidence", None, (-1, 1), 2)
    for odd in ([1.5], [math.nan]):
        with pytest.raises(InputError):
            compare_arms([0.0], odd)
