import pytest

from workbench.comparison.steps import Step, steps_between, why_missing
from workbench.records import Answer, Call, CallRequest, NodeTime, Run


def call(node, index, text, error=""):
    answer = Answer(text, 1, 1, 0.1, 0.1) if text is not None else None
    return Call(node, index, CallRequest("o", "m", (("user", node),)), answer, error)


def run_of(status="done", values=None, calls=(), nodes=("notes", "answer"), prompts=None):
    times = [NodeTime("chunks", 0.1, shared=True), *(NodeTime(name, 0.1, shared=False) for name in nodes)]
    prompts = {"a_prompt": "x"} if prompts is None else prompts
    record = {"prompts": prompts, "values": values or {}, "nodes": tuple(times), "calls": tuple(calls)}
    return Run("v1", "d", status, output_node="answer", **record)


def shown(left, right):
    return [(step.node, step.index, step.left, step.right) for step in steps_between(left, right)]


def test_steps_go_from_the_notes_to_the_answer():
    """Each item of a list is a step, each text too, in the order of the chain; shared nodes and prompts are none."""
    left = run_of(values={"chunks": ["c"], "a_prompt": "x", "notes": ["one", "two"], "answer": "yes"})
    right = run_of(values={"chunks": ["c"], "a_prompt": "y", "notes": ["one", "TWO"], "answer": "no"})

    steps = steps_between(left, right)

    assert [(step.node, step.index, step.total) for step in steps] == [
        ("notes", 0, 2),
        ("notes", 1, 2),
        ("answer", None, 1),
    ]
    assert [step.state for step in steps] == ["same", "differs", "differs"]


def test_lists_of_different_length_end_in_empty_items():
    """What a complete list does not have is an empty text and no step to come: the runs part there."""
    left = run_of(values={"notes": ["one"]}, nodes=("notes",))
    right = run_of(values={"notes": ["one", "two"]}, nodes=("notes",))

    (_, last) = steps_between(left, right)

    assert (last.left, last.right, last.state) == ("", "two", "differs")


def test_a_run_that_failed_gives_the_answers_it_has():
    """Of a node that has no value its calls' answers stand in; where none came, the step is not reached."""
    left = run_of(values={"notes": ["one", "two"], "answer": "yes"})
    right = run_of("failed", calls=(call("notes", 0, None), call("notes", 1, "TWO")), nodes=())

    assert shown(left, right) == [
        ("notes", 0, "one", None),
        ("notes", 1, "two", "TWO"),
        ("answer", None, "yes", None),
    ]
    assert [step.state for step in steps_between(left, right)] == ["not reached", "differs", "not reached"]


def test_an_answer_beside_one_that_is_being_written_stays_whole():
    """A finished text is not lost when the other run's call has only begun, and is compared with none."""
    left = run_of(values={"notes": ["one"], "answer": "yes"})
    right = run_of(
        "running", values={"notes": ["one"]}, calls=(call("notes", 0, "one"), call("answer", 0, None)), nodes=("notes",)
    )

    assert shown(left, right)[-1] == ("answer", None, "yes", None)


def test_a_list_that_goes_on_may_still_grow():
    """Items that one run's calls have and the other's do not yet are not reached, and no difference."""
    left = run_of("running", calls=(call("notes", 0, "one"), call("notes", 1, "two")), nodes=())
    right = run_of("running", calls=(call("notes", 0, "one"),), nodes=())

    assert [step.state for step in steps_between(left, right)] == ["same", "not reached"]


def test_an_empty_answer_is_a_value():
    """A call that was answered with nothing is reached, and differs from one that said something."""
    left, right = (run_of("running", calls=(call("notes", 0, text),), nodes=()) for text in ("", "one"))

    assert [step.state for step in steps_between(left, right)] == ["differs"]


def test_the_answer_is_one_step_while_both_runs_write_it():
    """The output's call of two runs that go on makes a step of one text, not of a list."""
    left, right = (run_of("running", calls=(call("answer", 0, text),), nodes=()) for text in ("yes", None))

    assert shown(left, right) == [("answer", None, "yes", None)]


def test_prompts_of_runs_that_go_on_are_no_steps():
    """A run names its prompts at its end; until then the caller's names keep them out."""
    left = run_of("running", values={"a_prompt": "x", "notes": ["one"]}, nodes=("a_prompt", "notes"), prompts={})

    steps = steps_between(left, left, prompts=["a_prompt"])

    assert [step.node for step in steps] == ["notes"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("running", "v2 has not come to this step yet."),
        ("failed", "v2 failed before this step."),
        ("stopped", "v2 was stopped before this step."),
    ],
)
def test_a_missing_value_has_a_reason(status, said):
    """Why a run has no value is said by how the run stands."""
    assert why_missing("v2", run_of(status), Step("answer", None, 1, "yes", None)) == said


def test_a_call_that_failed_is_the_reason_of_its_own_step_only():
    """The step of a failed call gives that call's error; the steps after it say that the run failed before them."""
    failed = run_of("failed", calls=(call("notes", 0, "one"), call("notes", 1, None, "The key is wrong.")))

    said = [why_missing("v2", failed, step) for step in (Step("notes", 1, 2, "x", None), Step("z", None, 1, "x", None))]

    assert said == ["v2 failed here: The key is wrong.", "v2 failed before this step."]


def test_runs_that_computed_nothing_have_no_steps():
    """Two runs that were refused have nothing to compare."""
    assert steps_between(run_of("failed", nodes=()), run_of("failed", nodes=())) == []
