"""An answer becomes a case of a dataset, from the Workbench and from the history, and is taken back again."""

import hashlib
import json

import pytest

from pages.shared import cached
from tests.kept_runs import kept
from tests.pages import shown
from workbench.assertions.nouns import Assertion
from workbench.datasets.reading import open_dataset
from workbench.documents.store import keep_document
from workbench.documents.uploads import keep_file
from workbench.records import Document, Experiment, ModelChoice, Run, Variant
from workbench.state.record_json import to_json

pytest_plugins = ["tests.dataset_fixtures"]

PDF = b"%PDF-1.7 of gardens"
SHA256 = hashlib.sha256(PDF).hexdigest()
ANSWER = "Gardens cool the town, and cost little."
KEY = "kept-exp-v2-0"


class Answered:
    """A workspace whose Workbench shows an answer of v2 to a document."""

    def __init__(self, root, desk):
        self.root, self.desk = root, desk
        self.file = root / "datasets" / "summarization" / "cases.yaml"
        keep_document(Document(SHA256, "", len(PDF), 1, ("Gardens.",), "pypdf"), desk.home)
        desk._keep("document", {"sha256": SHA256, "name": "../town gardens.pdf"})

    def keep_bytes(self):
        keep_file(PDF, SHA256, "pdf", self.desk.home)
        return self

    def dialog(self, inputs=None, output=ANSWER):
        """The Workbench with the dialog open."""
        run = Run("v2", SHA256, "done", output=output, output_node="summarized_text")
        document = Document(SHA256, "../town gardens.pdf", len(PDF), 1, (), "pypdf")
        experiment = Experiment(
            "kept-experiment",
            "summarization",
            ModelChoice("fake", "remote"),
            (Variant("v2", "v2"),),
            (document,),
            {"query": "What do gardens do?", **(inputs or {})},
            runs=(run,),
        )
        self.desk.keep_experiment(experiment)
        app = self.desk.open()
        return app.button(key=f"case-{KEY}").click().run()

    def opened(self, file=None):
        return open_dataset(file or self.file, self.root, self.desk.home)


@pytest.fixture
def answered(team):
    return Answered(*team)


def typed(app, text):
    """The dialog after a text was typed into its editor."""
    app.session_state[f"case-assert-{KEY}"] = {"edit": {"seed": 0, "text": text}}
    app.session_state[f"passing-case-typed-{KEY}"] = text
    return app.run()


def said(app):
    """What the page says, without the marks that keep Markdown from reading it."""
    texts = [own.value for own in [*app.markdown, *app.warning, *app.toast]]
    return "\n".join([shown(app), *texts]).replace("\\", "").replace("\u200b", "")


def into(app, name):
    """The dialog after a dataset's name was typed; the session of a test knows listed ones only."""
    box = app.selectbox(key=f"case-dataset-{KEY}")
    box.options.append(name)
    return box.set_value(name).run()


def add(app):
    return app.button(key=f"case-add-{KEY}").click().run()


def test_an_answer_is_added_with_its_document_inputs_and_assertions(answered):
    """The case has the run's inputs, the suggested assertions and the tags; the PDF lies beside the file under a safe
    name, and a toast says where all of it is."""
    app = answered.keep_bytes().dialog()

    assert app.selectbox(key=f"case-dataset-{KEY}").value == "summarization"
    assert app.text_input(key=f"case-name-{KEY}").value == "town gardens, v2"
    assert "query: What do gardens do?" in "\n".join(own.value for own in app.code)
    app = add(app)

    (case,) = answered.opened().cases
    assert (case.name, case.document) == ("town gardens, v2", "town gardens.pdf")
    assert case.inputs == {"query": "What do gardens do?"}
    assert case.assertions == (
        Assertion("is-refusal", negated=True),
        Assertion("word-count", {"min": 3, "max": 14}),
    )
    assert (answered.file.parent / "town gardens.pdf").read_bytes() == PDF
    assert "town gardens, v2 is in datasets/summarization/cases.yaml, its document as town gardens.pdf" in said(app)
    assert not [own for own in app.button if own.key == f"case-add-{KEY}"]


def test_an_addition_is_taken_back(answered):
    """The button that added removes again: file and document are gone where there were none before."""
    app = add(answered.keep_bytes().dialog())

    app = app.button(key=f"case-undo-{KEY}").click().run()

    assert not answered.file.parent.exists()
    assert "out of summarization again" in app.toast[0].value
    assert app.button(key=f"case-{KEY}").label == "Add as a case"


def test_an_addition_is_not_taken_back_from_a_file_that_was_changed(answered):
    """Somebody's later edit stays, and the page says so."""
    app = add(answered.keep_bytes().dialog())
    theirs = answered.file.read_text("utf-8") + "  - name: theirs\n"
    answered.file.write_text(theirs, encoding="utf-8")

    app = app.button(key=f"case-undo-{KEY}").click().run()

    assert answered.file.read_text("utf-8") == theirs
    assert "changed since the case was added" in app.toast[0].value


def test_assertions_are_checked_as_typed_and_against_the_answer(answered):
    """What can't be read is shown with its line and can't be added; what the answer fails is said and can."""
    app = answered.keep_bytes().dialog()

    wrong = typed(app, "- type: is-json\n- type: python\n  value: 1\n")
    told, is_off = said(wrong), app.button(key=f"case-add-{KEY}").disabled
    failing = typed(wrong, "- type: icontains\n  value: GARDENS\n- type: contains\n  value: rain\n")

    assert "Line 2" in told and "python runs code" in told and is_off
    page = said(failing)
    assert "1 of 2 does not hold for this very answer" in page
    assert "icontains holds" in page and "contains does not hold" in page
    add(failing)
    assert [own.value for own in answered.opened().cases[0].assertions] == ["GARDENS", "rain"]


def test_what_a_model_has_to_say_is_not_called_a_failure(answered):
    """An assertion that a judge answers is neither passed nor failed here."""
    app = typed(answered.keep_bytes().dialog(), "- type: llm-rubric\n  value: is kind\n")

    assert "llm-rubric is not asked yet" in said(app)
    assert "not hold" not in said(app)


def test_another_dataset_is_made_by_its_name_and_remembered(answered):
    """A name that is none is refused; a new one makes a folder, and the next dialog begins with it."""
    app = answered.keep_bytes().dialog()

    app = into(app, "../outside")
    refused = shown(app), app.button(key=f"case-add-{KEY}").disabled
    app = add(into(app, "town"))

    assert "is no name for a dataset" in refused[0].replace("\\", "") and refused[1]
    assert len(answered.opened(answered.root / "datasets" / "town" / "cases.yaml").cases) == 1
    assert answered.dialog().selectbox(key=f"case-dataset-{KEY}").value == "town"


def test_a_document_whose_bytes_are_gone_is_asked_for(answered):
    """The dialog says so; another file is refused, the same one is taken."""
    app = answered.dialog()

    assert "no longer kept" in app.warning[0].value
    nothing = add(app)
    assert "has no document yet" in shown(nothing)
    other = app.file_uploader(key=f"case-file-{KEY}").upload("gardens.pdf", b"%PDF-1.7 other", "application/pdf").run()
    assert "another file" in shown(add(other))
    assert not answered.file.exists()
    app = answered.dialog()
    add(app.file_uploader(key=f"case-file-{KEY}").upload("gardens.pdf", PDF, "application/pdf").run())

    assert answered.opened().cases[0].document == "gardens.pdf"


def test_a_case_may_name_the_kept_text(answered):
    """Where the bytes are gone, the case can name what the workbench keeps."""
    app = answered.dialog()

    add(app.checkbox(key=f"case-text-{KEY}").check().run())

    assert answered.opened().cases[0].document == f"sha256:{SHA256}"


def test_inputs_that_are_no_plain_values_are_left_out_and_said(answered):
    """A list stays at its default, and the dialog says which."""
    app = answered.keep_bytes().dialog({"rows": [1, 2]})

    assert "rows: no text" in app.warning[0].value
    add(app)
    assert answered.opened().cases[0].inputs == {"query": "What do gardens do?"}


def test_a_run_of_the_history_becomes_a_case(answered):
    """Its page has the same button: the case has the run's document, inputs and answer's assertions."""
    answered.keep_bytes()
    experiment = {
        "id": "e1",
        "dataflow": "summarization",
        "model": {"name": "fake", "endpoint": "remote"},
        "variants": [{"label": "v1", "base": "v1", "inputs": {"max_chunk_tokens": 64}}],
        "documents": [],
        "inputs": {"query": "What grows?"},
    }
    run = json.loads(to_json(Run("v1", SHA256, "done", output=ANSWER)))
    body = {
        "schema": 1,
        "kind": "run",
        "run": run,
        "experiment": experiment,
        "versions": {},
        "defaults": {},
        "code": {},
    }
    row = kept(ANSWER, body=body, document=SHA256, document_name="beds.pdf")
    cached.history().put([row])
    app = answered.desk.open()
    app.query_params["run"] = row.id
    app = app.switch_page("pages/history.py").run()

    app = app.button(key=f"case-{row.id}").click().run()
    app = app.button(key=f"case-add-{row.id}").click().run()

    (case,) = answered.opened().cases
    assert (case.name, case.document) == ("beds, v1", "beds.pdf")
    assert case.inputs == {"query": "What grows?", "max_chunk_tokens": 64}
    assert app.button(key=f"case-undo-{row.id}")
