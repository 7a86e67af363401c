import pytest

from workbench.engine.stopping import Stop


def test_who_waits_is_told_once():
    """A stop calls back whoever is inside the block, and a second stop does not call again."""
    stop, told = Stop(), []

    with stop.calling(lambda: told.append("a")), stop.calling(lambda: told.append("b")):
        stop.set()
        stop.set()

    assert sorted(told) == ["a", "b"]
    assert stop.is_set


def test_who_comes_after_the_stop_is_told_at_once():
    """Entering the block with the stop already set calls back before the block runs."""
    stop, told = Stop(), []
    stop.set()

    with stop.calling(lambda: told.append("late")):
        assert told == ["late"]

    assert told == ["late"]


@pytest.mark.parametrize("failing", [False, True])
def test_who_left_is_not_told(failing):
    """After the block, ended well or by an error, the stop calls nobody."""
    stop, told = Stop(), []
    try:
        with stop.calling(lambda: told.append("gone")):
            if failing:
                raise ValueError
    except ValueError:
        pass

    stop.set()

    assert told == []
