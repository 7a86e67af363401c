from workbench.comparison.steps import Step, pages_read, steps_between
from workbench.records import Answer, Call, CallRequest, NodeTime, Run


def call(node, index, text):
    answer = Answer(text, 1, 1, 0.1, 0.1) if text is not None else None
    return Call(node, index, CallRequest("o", "m", (("user", node),)), answer)


def run_of(status="done", values=None, calls=(), nodes=("notes", "answer")):
    times = [NodeTime("chunks", 0.1, shared=True), *(NodeTime(name, 0.1, shared=False) for name in nodes)]
    return Run("v1", "d", status, prompts={"a_prompt": "x"}, values=values or {}, nodes=tuple(times), calls=calls)


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
    assert [step.differs for step in steps] == [False, True, True]


def test_lists_of_different_length_end_in_empty_items():
    """The shorter list's missing items are empty texts."""
    left = run_of(values={"notes": ["one"]}, nodes=("notes",))
    right = run_of(values={"notes": ["one", "two"]}, nodes=("notes",))

    assert shown(left, right)[1] == ("notes", 1, "", "two")


def test_a_run_that_failed_gives_the_answers_it_has():
    """Of a node that has no value its calls' answers stand in, with an empty text where none came."""
    left = run_of(values={"notes": ["one", "two"], "answer": "yes"})
    right = run_of("failed", calls=(call("notes", 0, None), call("notes", 1, "TWO")), nodes=("notes",))

    assert shown(left, right) == [
        ("notes", 0, "one", ""),
        ("notes", 1, "two", "TWO"),
        ("answer", None, "yes", ""),
    ]


def test_an_answer_beside_one_that_is_being_written_stays_whole():
    """A finished text is not lost when the other run's call has only begun."""
    left = run_of(values={"notes": ["one"], "answer": "yes"})
    right = run_of(
        "running", values={"notes": ["one"]}, calls=(call("notes", 0, "one"), call("answer", 0, None)), nodes=("notes",)
    )

    assert shown(left, right)[-1] == ("answer", None, "yes", "")


def test_runs_that_computed_nothing_have_no_steps():
    """Two runs that were refused have nothing to compare."""
    assert steps_between(run_of("failed", nodes=()), run_of("failed", nodes=())) == []


def test_a_step_of_a_chunk_knows_its_pages():
    """The summary of a chunk names the pages of its chunk; a step that is no chunk's names none."""
    chunks = ["One. \fTwo. ", "Still two. ", "\fThree."]

    said = [pages_read(Step("summarized_chunks", index, 3, "", ""), chunks) for index in range(3)]

    assert said == ["pages 1 to 2", "page 2", "page 3"]
    assert pages_read(Step("summarized_text", None, 1, "", ""), chunks) == ""
