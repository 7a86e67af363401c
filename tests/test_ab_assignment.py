"""Which arm a unit gets: sticky, by weight, moving only what must move, and independent of other tests."""

import random
from collections import Counter

import pytest

from dataflows.ab import arm_of, unit_hash

UNITS = [f"user-{number}@example.org" for number in range(100_000)]
HALVES = {"control": 50.0, "candidate": 50.0}


def split(weights, units, test="shorter-answers"):
    """Arm of each unit."""
    return [arm_of(test, weights, unit) for unit in units]


@pytest.fixture(scope="module")
def halves():
    return split(HALVES, UNITS)


def test_a_hundred_thousand_units_are_split_within_one_percent(halves):
    """Each of two equal arms gets 49 to 51 of 100 units."""
    assert abs(Counter(halves)["candidate"] / len(UNITS) - 0.5) < 0.01


def test_a_third_arm_at_ten_percent_moves_at_most_eleven_and_only_to_it(halves):
    """Whoever isn't moved to the new arm stays where they were."""
    with_third = split({"control": 45.0, "candidate": 45.0, "third": 10.0}, UNITS)

    moved = [after for before, after in zip(halves, with_third, strict=True) if before != after]
    assert set(moved) == {"third"}
    assert 0.09 < len(moved) / len(UNITS) <= 0.11
    assert Counter(with_third)["third"] == len(moved)


def test_a_unit_stays_in_its_arm_wherever_arms_are_listed_and_weights_are_scaled():
    """The same arms in another order, or all weights times seven, are the same split."""
    units = UNITS[:2_000]

    again = [split(HALVES, units), split({"candidate": 7.0, "control": 7.0}, units)]

    assert again == [split(HALVES, units)] * 2


def test_the_split_is_the_same_in_every_release():
    """These arms were written down once; another hash would reshuffle running tests."""
    found = split({"a": 1.0, "b": 2.0, "c": 3.0}, [f"unit {number}" for number in range(32)], "written-down")

    assert "".join(found) == "ccccbccbcbccccbcaccbccbcabccaabc"


@pytest.mark.parametrize("seed", range(12))
def test_other_weights_move_only_what_must_move(seed):
    """Nobody moves to an arm that lost share against the one they leave; and the shares are those of the weights."""
    draw = random.Random(seed)
    names = [f"arm{number}" for number in range(draw.randint(2, 6))]
    before = {name: draw.uniform(0.5, 10) for name in names}
    after = {name: weight * draw.choice([0, 0.5, 1, 1, 2]) for name, weight in before.items()}
    after[names[0]] = before[names[0]]
    units = UNITS[:3_000]

    pairs = list(zip(split(before, units), split(after, units), strict=True))

    gains = {name: after[name] / before[name] for name in names}
    assert all(gains[old] < gains[new] for old, new in pairs if old != new)
    total = sum(after.values())
    shares = Counter(new for _, new in pairs)
    assert all(abs(shares[name] / len(units) - after[name] / total) < 0.04 for name in names)


def test_tests_split_independently_of_each_other(halves):
    """Half of the units are in the same arm of another test: its name salts the split."""
    other = split(HALVES, UNITS[:20_000], "another-test")

    same = sum(one == two for one, two in zip(halves, other, strict=False)) / len(other)
    assert abs(same - 0.5) < 0.02


def test_texts_that_run_together_are_not_the_same():
    """("a", "bc") is not ("ab", "c"), and half characters are units, too."""
    hashes = [unit_hash("a", "bc"), unit_hash("ab", "c"), unit_hash("a", "\ud800"), unit_hash("a", "bc", b"key")]

    assert len(set(hashes)) == 4
    assert all(len(own) == 32 and int(own, 16) >= 0 for own in hashes)


def test_nobody_can_be_split_without_a_weight():
    """All weights 0 is said and not guessed around."""
    with pytest.raises(ValueError, match="no arm with a weight above 0"):
        arm_of("t", {"a": 0.0}, "u")
