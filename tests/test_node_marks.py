"""Claims about what a run will do to each node, does, and did."""

import random

import pytest

from tests.conftest import document_of, draft
from tests.scripted import ScriptedEndpoint
from workbench.engine.node_marks import edited, forecast, marks_of_run, will_run
from workbench.errors import ModelError
from workbench.graphs import graph
from workbench.records import Variant

CHAIN = ["summarized_chunks", "prompt_and_text_content", "summarized_text"]
WORDS = ("Note", "Count", "Weigh", "Brief", "Long", "Plain")


@pytest.fixture
def built():
    return graph.build(graph.dataflow_named("summarization"), None, {})


def planned(lab, variant, document, **inputs):
    """The experiment of one variant, and its plan there."""
    experiment = lab.experiment(variant, documents=[document], inputs=inputs)
    return experiment, lab.plan(variant, documents=[document], inputs=inputs).cells[variant.label, document.sha256, 0]


def ran(run, last):
    """The nodes that a run computed anew: those that made calls, and those that make none and give another value."""
    if not run.calls_made:
        return set()
    asking = {call.node for call in run.calls}
    made = {call.node for call in run.calls if not call.reused}
    quiet = set(CHAIN) - asking
    return made | {name for name in quiet if last is None or run.values[name] != last.values[name]}


@pytest.mark.parametrize(
    ("edit", "marked"),
    [
        ({"chunk": "Other."}, set(CHAIN)),
        ({"last": "Other."}, {"prompt_and_text_content", "summarized_text"}),
        ({}, set()),
    ],
)
def test_an_edit_marks_exactly_what_lies_downstream(lab, built, edit, marked):
    """After a run of the version, a draft of it will run what its edited prompt reaches, and nothing else."""
    document = document_of(3)
    last = lab.run(Variant("v3", "v3"), documents=[document]).runs[0]

    experiment, cell = planned(lab, draft("mine", **edit), document)

    changed = edited(cell, experiment.inputs, last, experiment.inputs)
    assert will_run(built, changed, cell) == marked
    assert {name for name, own in forecast(built, changed, cell).items() if own.mark == "will run"} == marked


def test_before_any_run_all_that_prompts_reach_will_run(lab, built):
    """What no prompt reaches is not marked: it makes no call, and was computed for the plan."""
    document = document_of(2)

    experiment, cell = planned(lab, Variant("v3", "v3"), document)

    assert will_run(built, edited(cell, experiment.inputs, None, {}), cell) == set(CHAIN)


def test_an_edit_that_was_run_before_marks_nothing(lab, built):
    """Every answer of it is kept, so nothing will run."""
    document = document_of(2)
    lab.run(draft("mine", chunk="Other."), documents=[document])
    last = lab.run(Variant("v3", "v3"), documents=[document]).runs[0]

    experiment, cell = planned(lab, draft("mine", chunk="Other."), document)

    assert will_run(built, edited(cell, experiment.inputs, last, experiment.inputs), cell) == set()


def test_what_is_marked_is_what_runs_in_200_random_edits(lab, built):
    """Whatever is edited or undone, the marked nodes are those that make calls or get a value that they had not."""
    dice = random.Random(5)
    document = document_of(2)
    edit = {"chunk": "", "last": "", "query": "What grows?"}
    last, last_inputs = None, {}
    for _ in range(200):
        edit = {**edit, **{dice.choice(list(edit)): " ".join(dice.choices(WORDS, k=2)) + "."}}
        variant = draft("mine", chunk=edit["chunk"], last=edit["last"])
        experiment, cell = planned(lab, variant, document, query=edit["query"])
        marked = will_run(built, edited(cell, experiment.inputs, last, last_inputs), cell)

        run = lab.run(variant, documents=[document], inputs={"query": edit["query"]}).runs[0]

        assert marked == ran(run, last)
        last, last_inputs = run, experiment.inputs


def test_a_run_marks_what_it_made_what_it_reused_and_where_it_failed(lab):
    """Values that differ from the baseline's are changed; the node of an error is failed."""
    document = document_of(2)
    baseline = lab.run(Variant("v3", "v3"), documents=[document]).runs[0]
    again = lab.run(draft("mine", last="Other."), documents=[document]).runs[0]

    marks = marks_of_run(again, baseline)

    assert (marks["summarized_chunks"].mark, marks["summarized_chunks"].reused) == ("reused", 2)
    assert (marks["summarized_text"].mark, marks["summarized_text"].calls) == ("changed", 1)
    assert marks["chunked_text"].mark == "reused"


def test_a_failed_node_is_marked(make_lab):
    """The node whose call failed is the one that is marked, and those before it keep their marks."""
    endpoint = ScriptedEndpoint(failure=lambda prompt: ModelError("server", "No.") if "Other." in prompt else None)
    lab = make_lab(endpoint)

    run = lab.run(draft("mine", last="Other."), documents=[document_of(2)]).runs[0]

    marks = marks_of_run(run, None)
    assert run.status == "failed"
    assert marks["summarized_text"].mark == "failed"
    assert marks["summarized_chunks"].mark == "ran"
