from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.hostile import any_text
from workbench.state.workspaces import Workspaces, is_workspace, new_workspace


@pytest.fixture
def workspaces(tmp_path):
    return Workspaces(tmp_path / "workbench.db")


def test_a_new_workspace_is_empty_and_has_an_id_of_its_own(workspaces):
    """Ids are all different, have the form that is checked, and find nothing at first."""
    ids = {new_workspace() for _ in range(100)}

    assert len(ids) == 100
    assert all(map(is_workspace, ids))
    assert workspaces.read(ids.pop()) == {}


@pytest.mark.parametrize(
    "text", ["", "short", "a" * 21, "a" * 23, "../../../../etc/passwd", "a" * 21 + "\n", "あ" * 22]
)
def test_what_has_not_the_form_of_an_id_is_none(text):
    """A text from a cookie or an address is looked at before it is used."""
    assert not is_workspace(text)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("\ud83d\ude00")
@given(any_text())
def test_any_text_comes_back(workspaces, text):
    """A draft of any text, lone surrogates and NUL included, is the same after keeping."""
    workspaces.write("me", "draft", {"text": [text, 1, None]})

    assert workspaces.read("me") == {"draft": {"text": [text, 1, None]}}


def test_workspaces_never_see_each_other(workspaces):
    """The same name in two workspaces is two values."""
    workspaces.write("me", "draft", "mine")
    workspaces.write("you", "draft", "yours")

    assert [workspaces.read(name)["draft"] for name in ("me", "you")] == ["mine", "yours"]


def test_writers_of_two_processes_do_not_lose_each_other_s_values(tmp_path):
    """80 values written at once through two stores of one file are all there."""
    stores = [Workspaces(tmp_path / "workbench.db") for _ in range(2)]

    with ThreadPoolExecutor(8) as executor:
        list(executor.map(lambda number: stores[number % 2].write("me", str(number), number), range(80)))

    assert stores[0].read("me") == {str(number): number for number in range(80)}
