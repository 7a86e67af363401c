"""The Workbench page without a browser: empty, its main path, its refusals, and what a new session finds again."""

import re

import pytest

from tests.conftest import LAST_PROMPT, document_of
from tests.pages import chosen, component, shown, variants
from tests.pdfs import text_pdf
from workbench.records import Experiment, ModelChoice, NodeTime, Run, Variant

pytest_plugins = ["tests.page_fixtures"]


def test_the_workbench_opens_empty(desk):
    """A new workspace shows an uploader, the three newest versions side by side, and no answers."""
    app = desk.open()

    page = shown(app)
    assert [uploader.key for uploader in app.file_uploader] == ["upload-0"]
    assert chosen(app) == ["v1", "v2", "v3"]
    assert [editor["label"] for editor in component(app, "prompt_editor")] == ["v1", "v2", "v3"]
    assert all(f"No answer from {label} yet." in page for label in ("v1", "v2", "v3"))
    assert app.button(key="run").label == "Run 3 variants"


def test_a_pdf_is_read_and_a_draft_runs_beside_versions(desk):
    """An uploaded PDF becomes the document, and each variant, the draft too, gets an answer of its own."""
    desk.lay_draft("v3", {LAST_PROMPT: "In short: {results}"})
    app = desk.bring(desk.open(), "pets.pdf", text_pdf(["Cats sleep all day."]))

    desk.run_to_the_end(app)

    page = shown(app)
    assert "pets.pdf" in page
    assert "1 page · 1 KB · 1 chunk" in page
    assert page.count("Done · ") == 3
    runs = {run.variant: run for run in desk.kept_experiment().runs}
    assert list(runs) == ["v1", "v2", "v3-draft"]
    assert len({run.output for run in runs.values()}) == 3
    assert all(run.output.split()[0] in page for run in runs.values())
    assert [request.prompt for request in desk.endpoint.requests].count("In short: " + _summary(runs["v3-draft"])) == 1


def _summary(run):
    (summary,) = run.values["summarized_chunks"]
    return summary


def test_without_a_document_nothing_is_run(desk):
    """Run without a PDF says what is missing and makes no call."""
    app = desk.open()

    app.button(key="run").click().run()

    assert "Add a PDF first" in shown(app)
    assert "experiment" not in app.session_state["kept"]
    assert desk.endpoint.requests == []


def test_one_variant_alone_can_not_be_run(desk):
    """With a single column, Run is off and the page says that two are needed."""
    app = desk.open()

    variants(app).set_value(["v2"]).run()

    assert "Choose at least two variants above" in shown(app)
    assert app.button(key="run").disabled


@pytest.mark.parametrize(
    ("template", "said"), [("{results} {nonsense}", "nothing fills"), ("{results", "line 1"), ("{query}", "missing")]
)
def test_a_draft_with_bad_slots_fails_alone(desk, template, said):
    """A draft with an unknown, broken or missing slot fails with a sentence on it; the versions beside it are done."""
    desk.lay_document()
    desk.lay_draft("v3", {LAST_PROMPT: template})
    app = desk.open()

    desk.run_to_the_end(app)

    assert said in app.error[0].value
    assert shown(app).count("Done · ") == 2
    assert {run.variant: run.status for run in desk.kept_experiment().runs} == {
        "v1": "done",
        "v2": "done",
        "v3-draft": "failed",
    }


def test_retry_runs_the_failed_variant_only(desk):
    """After a refused call, Retry makes that one call again; the others keep their answers."""
    desk.endpoint.fault = lambda request: "401" if "extracted from an academic paper" in request.prompt else ""
    desk.lay_document()
    app = desk.run_to_the_end(desk.open())
    assert shown(app).count("Done · ") == 2
    made = len(desk.endpoint.requests)
    desk.endpoint.fault = lambda request: ""

    app.button(key="retry-v2-summarized_text-0").click().run()
    desk.wait(app)

    assert shown(app).count("Done · ") == 3
    assert len(desk.endpoint.requests) == made + 1


def test_a_discarded_draft_can_be_brought_back(desk):
    """Discard puts the version back in the column; Bring back restores the draft with its text."""
    desk.lay_draft("v3", {LAST_PROMPT: "In short: {results}"})
    app = desk.open()

    next(button for button in app.button if button.key.startswith("discard-")).click().run()
    assert chosen(app) == ["v1", "v2", "v3"]
    app.button(key="undo-discard").click().run()

    assert chosen(app) == ["v1", "v2", "v3-draft"]
    assert component(app, "prompt_editor")[2]["text"] == "In short: {results}"
    assert not app.exception


def test_a_new_session_finds_draft_document_and_answers(desk):
    """After a restart, the same workspace shows the same draft, document and answers, and makes no call for it."""
    desk.lay_document("moss")
    desk.lay_draft("v3", {LAST_PROMPT: "In short: {results}"})
    desk.run_to_the_end(desk.open())
    made = len(desk.endpoint.requests)
    desk.forget_all()

    app = desk.open()

    page = shown(app)
    assert "moss.pdf" in page
    assert page.count("Done · ") == 3
    assert all(run.output.split()[0] in page for run in desk.kept_experiment().runs)
    assert component(app, "prompt_editor")[2]["text"] == "In short: {results}"
    assert len(desk.endpoint.requests) == made


def test_two_tabs_keep_each_others_drafts(desk):
    """Of two open sessions of one workspace, each begins a draft; a later session has both."""
    first, second = desk.open(), desk.open()
    for app in (first, second):
        variants(app).set_value(["v1", "v2"]).run()

    first.button(key="draft-of-v1").click().run()
    second.button(key="draft-of-v2").click().run()

    assert variants(desk.open()).options == ["v1", "v2", "v3", "v1-draft", "v2-draft"]


def test_an_answer_can_not_put_html_on_the_page(desk):
    """What a model writes is shown as text: its tags and images are escaped in cards and differences."""
    desk.endpoint.answer = lambda request: f"{len(request.prompt)} <img src=x onerror=alert(1)> ![x](http://x/y.png)"
    desk.lay_document()
    app = desk.run_to_the_end(desk.open())

    app.button_group(key="what").set_value("Answers").run()

    assert "&lt;img" in shown(app)
    assert "<img" not in shown(app)


def steps_of(app, left="v1", right="v2"):
    """The page with two variants' steps open."""
    app.selectbox(key="left").set_value(left)
    app.selectbox(key="right").set_value(right)
    return app.button_group(key="what").set_value("Steps").run()


def said(app):
    """The line that says where the two runs part, and the step at hand."""
    return re.findall(r'<p class="wb-line wb-\w+"[^>]*>(.*?)</p>', shown(app))[-2:]


def test_the_first_step_that_differs_is_named_and_open(desk):
    """Under Steps a line says where two runs part, the strip shows each step, and the first difference is open."""
    desk.lay_document()

    app = steps_of(desk.run_to_the_end(desk.open()))

    line, step = said(app)
    assert line == "v2 parts from v1 at chunk 1 of summarized_chunks"
    assert step == "summarized_chunks · chunk 1 of 1 · page 1"
    (strip,) = component(app, "step_strip")
    assert [(row["node"], row["states"]) for row in strip["rows"]] == [
        ("summarized_chunks", "d"),
        ("prompt_and_text_content", "d"),
        ("summarized_text", "d"),
    ]
    runs = {run.variant: run for run in desk.kept_experiment().runs}
    assert all(runs[label].values["summarized_chunks"][0].split()[0] in shown(app) for label in ("v1", "v2"))


def test_the_steps_lead_from_one_difference_to_the_next(desk):
    """Next difference opens the step after, Previous the one before; at either end the button is off."""
    desk.lay_document()
    app = steps_of(desk.run_to_the_end(desk.open()))
    opened = [said(app)[1]]
    assert app.button(key="previous-difference").disabled

    for key in ("next", "next", "previous"):
        app.button(key=f"{key}-difference").click().run()
        opened.append(said(app)[1].split(" ")[0])

    assert opened[1:] == ["prompt_and_text_content", "summarized_text", "prompt_and_text_content"]
    app.button(key="next-difference").click().run()
    assert app.button(key="next-difference").disabled


def test_identical_variants_are_called_identical(desk):
    """A draft that changes nothing gives the same in every step, and nothing leads to a difference."""
    desk.lay_document()
    desk.lay_draft("v2", {})
    app = desk.open()
    variants(app).set_value(["v2", "v2-draft"]).run()

    app = steps_of(desk.run_to_the_end(app), "v2", "v2-draft")

    assert said(app)[0] == "v2 and v2-draft are identical in all 3 steps"
    assert app.button(key="next-difference").disabled
    assert "v2 and v2-draft are identical" in shown(app)


def test_a_step_that_one_run_did_not_reach_says_why(desk):
    """Where a call failed, the other run's text stands beside the error; it is not taken for a difference."""
    desk.endpoint.fault = lambda request: "401" if "extracted from an academic paper" in request.prompt else ""
    desk.lay_document()
    app = steps_of(desk.run_to_the_end(desk.open()), "v1", "v2")

    app.session_state["steps"] = {"chosen": {"node": "summarized_text", "index": None}}
    app.run()

    (strip,) = component(app, "step_strip")
    assert strip["rows"][-1] == {**strip["rows"][-1], "node": "summarized_text", "states": "n", "said": "not reached"}
    runs = {run.variant: run for run in desk.kept_experiment().runs}
    assert "v2 failed here: " in shown(app)
    assert runs["v1"].output.split()[0] in shown(app)


def test_repetitions_are_compared_one_by_one(desk):
    """Of several repetitions one is chosen, and both variants' runs of that one are compared; of one, none is asked."""
    document = document_of(1)
    desk.lay_document()
    runs = [
        Run(
            label,
            document.sha256,
            "done",
            repetition=repetition,
            output=text,
            output_node="summarized_text",
            values={"summarized_text": text},
            nodes=(NodeTime("summarized_text", 0.1, shared=False),),
        )
        for label, texts in (("v1", ("one", "two")), ("v2", ("one", "three")))
        for repetition, text in enumerate(texts)
    ]
    both = tuple(Variant(label, label) for label in ("v1", "v2"))
    model = ModelChoice("fake", "remote")
    experiment = Experiment("e" * 22, "summarization", model, both, (document,), {}, repetitions=2, runs=tuple(runs))
    desk.keep_experiment(experiment)

    app = steps_of(desk.open())
    first = said(app)[0]
    choice = app.selectbox(key="repetition-of-2")
    choice.set_value(1).run()

    assert choice.options == ["Repetition 1 of 2", "Repetition 2 of 2"]
    assert first == "v1 and v2 are identical in the one step there is"
    assert said(app)[0] == "v2 parts from v1 at summarized_text"
