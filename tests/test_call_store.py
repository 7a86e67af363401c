import time

from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import any_text
from workbench.engine.call_store import CallStore
from workbench.records import Answer, CallRequest

ANSWER = Answer("Well.", 10, 2, 1.5, 0.5)
SECONDS = st.floats(0, 1e6)


@given(
    st.builds(
        Answer,
        any_text() | st.just("\ud83d\ude00"),
        st.integers(0),
        st.integers(0),
        SECONDS,
        st.none() | SECONDS,
        any_text(8),
    )
)
def test_an_answer_comes_back_as_it_was_kept(tmp_path_factory, answer):
    """Any text a model may give, lone surrogates and NUL included, is the same after keeping."""
    store = CallStore(tmp_path_factory.getbasetemp() / "any.db")

    store.keep({"key": answer})

    assert store.find(["key", "other"]) == {"key": answer}


def test_another_process_finds_what_was_kept(tmp_path):
    """A second store on the same file finds the answers of the first."""
    CallStore(tmp_path / "calls.db").keep({"a": ANSWER})

    assert CallStore(tmp_path / "calls.db").find(["a"]) == {"a": ANSWER}


def test_more_keys_than_one_question_holds_are_found(tmp_path):
    """1,234 answers are all found, though SQLite takes fewer values at a time."""
    store = CallStore(tmp_path / "calls.db")
    answers = {str(number): ANSWER for number in range(1234)}
    store.keep(answers)

    assert store.find([*answers, "unknown"]) == answers


def test_answers_made_before_a_time_are_left_alone(tmp_path):
    """An answer counts from the time it was made at, and keeping it again makes it new."""
    store = CallStore(tmp_path / "calls.db")
    store.keep({"old": ANSWER, "again": ANSWER})
    since = time.time()

    store.keep({"again": ANSWER})

    assert list(store.find(["old", "again"], since)) == ["again"]


def test_what_decides_an_answer_is_in_its_key():
    """Requests that differ in any one part have different keys; equal ones have the same."""
    parts = {
        "origin": ("a", "b"),
        "model": ("m", "n"),
        "messages": ((("user", "x"),), (("system", "x"),)),
        "parameters": ({"seed": 1}, {"seed": 2}),
        "repetition": (0, 1),
    }
    first = CallRequest(**{name: values[0] for name, values in parts.items()})
    others = [CallRequest(**{name: values[name == changed] for name, values in parts.items()}) for changed in parts]

    assert first.key() == CallRequest(**{name: values[0] for name, values in parts.items()}).key()
    assert len({first.key(), *(other.key() for other in others)}) == 6


def test_a_lone_surrogate_has_a_key():
    """A prompt that UTF-8 can't carry has a key of its own, also when two surrogates look like one character."""
    keys = {
        CallRequest("o", "m", (("user", text),)).key() for text in ("\ud800", "\ud801", "\ufffd", "\ud83d\ude00", "😀")
    }

    assert len(keys) == 5
