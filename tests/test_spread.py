import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.comparison.spread import COMPARED_CHARS, Spread, alikeness, different, spread_of


@given(st.lists(st.floats(0, 1e9), min_size=1))
def test_a_spread_holds_all_values(values):
    """Least and most are values, nothing lies outside them, and half of the values are on each side of the median."""
    spread = spread_of(values)

    assert spread.least in values and spread.most in values
    assert all(spread.least <= value <= spread.most for value in values)
    assert 2 * sum(value <= spread.median for value in values) >= len(values)
    assert 2 * sum(value >= spread.median for value in values) >= len(values)


def test_of_nothing_there_is_no_spread():
    """No values and fewer than two texts have none."""
    assert spread_of([]) is None
    assert alikeness(["alone"]) is None


@pytest.mark.parametrize(
    ("texts", "least", "median", "most"),
    [
        (["abcd", "abcd"], 1.0, 1.0, 1.0),
        (["abcd", "efgh"], 0.0, 0.0, 0.0),
        (["abcd", "abcx"], 0.75, 0.75, 0.75),
        (["abcd", "abcd", "abcx"], 0.75, 0.75, 1.0),
        (["", ""], 1.0, 1.0, 1.0),
    ],
)
def test_alikeness_is_the_share_of_common_text(texts, least, median, most):
    """Of eight characters in two texts, two that have to change make them alike by 6/8."""
    assert alikeness(texts) == Spread(least, median, most)


def test_long_texts_are_compared_by_their_beginnings():
    """What differs after the first COMPARED_CHARS does not count."""
    beginning = "a" * COMPARED_CHARS

    assert alikeness([beginning + "one", beginning + "two"]) == Spread(1.0, 1.0, 1.0)


def test_white_space_around_answers_does_not_make_them_different():
    """Three answers of which two differ in a trailing newline are two different ones."""
    assert different(["Yes.", "Yes.\n", "No."]) == 2
