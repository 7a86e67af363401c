"""What the workbench finds in a repository, and the workbench.toml it offers."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as some

from dataflows import Dataflow
from tests.shapes import SHAPES, shape
from workbench import project, settings
from workbench.discovery.facts import facts_of
from workbench.discovery.findings import guess_of, look
from workbench.discovery.toml_text import merged, write_toml
from workbench.errors import DataflowError, UsageError
from workbench.project_toml import parsed

NAMES = some.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True)
VALUES = some.recursive(
    some.text(max_size=20) | some.integers(-(2**40), 2**40) | some.booleans() | some.floats(-1e9, 1e9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
TABLES = some.dictionaries(some.text(max_size=8), VALUES, max_size=3)
FLOWS = some.builds(
    Dataflow,
    modules=some.lists(NAMES, min_size=1, max_size=3).map(tuple),
    document=NAMES | some.just(""),
    output=NAMES | some.just(""),
    prompts=some.text("abc/ '\"é\\", max_size=9).filter(lambda text: not text.startswith("/")),
    config=TABLES,
    inputs=TABLES,
    also_prompts=some.lists(NAMES, max_size=2).map(tuple),
)


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Opens a copy of a shape; our own project is open again afterwards."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def open_shape(name):
        root = shape(name, tmp_path)
        settings.open_project(root)
        return root

    yield open_shape
    settings.open_project(settings.ROOT)


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_proposed_whole(opened, name):
    """Its modules are the first guess; built, its prompts, output and document are what its team says they are."""
    root = opened(name)

    findings = look(root, project.folders())
    (proposal,) = findings.proposals.values()
    facts = facts_of(proposal)

    assert proposal.modules == SHAPES[name].modules == findings.modules[: len(proposal.modules)]
    assert sorted(facts.prompts) == sorted(SHAPES[name].prompts)
    assert facts.output == facts.outputs[0] == SHAPES[name].output
    assert facts.document == next(iter(facts.documents)) == SHAPES[name].document
    assert {own.name for own in facts.inputs} == set(SHAPES[name].inputs) & {"user_query", "routing_rules"}


def test_config_keys_come_with_their_values(opened):
    """What @config.when names is offered, and what is taken without a choice; versions of prompts are no choice."""
    opened("pdf_summarizer")
    reading = facts_of(Dataflow(modules=SHAPES["pdf_summarizer"].modules))
    settings.open_project(shape("config_prompts", settings.home()))
    prompts = facts_of(Dataflow(modules=SHAPES["config_prompts"].modules))

    assert reading.config == {"file_type": ("pdf",)}
    assert reading.chosen == {"file_type": "pdf"}
    assert prompts.config == {}


def test_documents_come_with_the_files_they_take(opened):
    """A path takes PDFs, a text none, a number nothing."""
    opened("parallel_summarizer")
    documents = facts_of(Dataflow(modules=SHAPES["parallel_summarizer"].modules)).documents

    assert "pdf" in documents["catalogue_pdf"]
    assert "pdf" not in documents["user_query"]
    assert "passage_words" not in documents


def test_folders_of_prompt_versions_are_found(opened):
    """Wherever prompts_vN.py are."""
    root = opened("parallel_summarizer")

    assert look(root, project.folders()).prompt_folders == ("prompts/catalogue_guide",)


def test_a_broken_module_is_told_and_the_others_are_found(opened):
    """A file that doesn't parse has its sentence, with the line; one that can't be imported fails alone."""
    root = opened("ticket_triage")
    (root / "broken.py").write_text("x = 1\ndef (\n")
    (root / "half.py").write_text("def page(a: str) -> str:\n    return a\n\n1 / 0\n")

    findings = look(root, project.folders())

    assert findings.problems == ("broken.py can't be read: invalid syntax (line 2).",)
    assert list(findings.proposals) == ["triage"]
    with pytest.raises(DataflowError, match=r"half.py can't be imported: ZeroDivisionError: .* \(line 4\)"):
        facts_of(Dataflow(modules=("half",)))
    assert facts_of(findings.proposals["triage"]).output == "triaged_ticket"


def test_problems_are_bounded(opened):
    """Of many broken files, five are told and the others counted."""
    root = opened("ticket_triage")
    for number in range(8):
        (root / f"broken{number}.py").write_text("def (")

    problems = look(root, project.folders()).problems

    assert len(problems) == 6
    assert problems[-1] == "3 more files can't be read."


def test_chosen_modules_have_a_guess_too(opened):
    """For modules that somebody picked, the document is guessed again; unknown ones are taken as they are."""
    root = opened("ticket_triage")

    known = guess_of(root, project.folders(), "mine", ["triage.flow"])
    unknown = guess_of(root, project.folders(), "mine", ["nowhere"])

    assert known == Dataflow(modules=("triage.flow",), document="raw_ticket")
    assert unknown == Dataflow(modules=("nowhere",))


@given(some.dictionaries(NAMES, FLOWS, min_size=1, max_size=3), some.dictionaries(NAMES, FLOWS, max_size=2))
@examples(max_examples=15, deadline=None)
def test_what_is_written_is_what_is_read(first, second):
    """Any dataflows come back as they were put in, also on top of a text that has others or the same."""
    root = settings.ROOT

    text = merged(merged("", first), second)

    flows, paths = parsed(root, text.encode())
    assert flows == {**first, **second}
    assert paths == ()


def test_what_a_person_wrote_stays():
    """Comments, order, other tables and equal values keep every character; only what changed is another."""
    before = """\
# our chains
paths = [ "src" ]  # odd spaces

[dataflows.letter]  # the first
modules = ['flows.letter']
output = "brief"
config = {version = "v1", size = 3}
# the end

[dataflows.other]
modules = [
    "other",  # alone
]
"""

    same = merged(before, {"letter": Dataflow(("flows.letter",), output="brief", config={"version": "v1", "size": 3})})
    changed = merged(
        before, {"letter": Dataflow(("flows.letter",), output="words", config={"version": "v1", "size": 4})}
    )

    assert same == before
    assert changed == before.replace('"brief"', '"words"').replace("size = 3", "size = 4")


@pytest.mark.parametrize(
    "before", ["", "dataflows = {}\n", 'dataflows = {a = {modules = ["x"]}}\n', 'dataflows.a.modules = ["x"]\n', "# hi"]
)
def test_a_dataflow_is_added_to_whatever_form_the_file_has(before):
    """Inline, dotted or empty: the text stays TOML and says the new one as well."""
    text = merged(before, {"b": Dataflow(("y",), config={"k": [1, {"z": True}]})})

    said = tomllib.loads(text)["dataflows"]
    assert said["b"] == {"modules": ["y"], "config": {"k": [1, {"z": True}]}}
    assert said.get("a") in (None, {"modules": ["x"]})


@pytest.mark.parametrize("before", ["x = [", "dataflows = 3", "[dataflows]\nletter = 3"])
def test_what_can_not_be_added_to_is_refused(before):
    """A sentence, not a broken file."""
    with pytest.raises(UsageError, match="can't be added to"):
        merged(before, {"letter": Dataflow(("a",))})


def test_the_file_is_written_whole_or_not_at_all(tmp_path):
    """It is replaced only when it still holds what it was made from, and nothing else is left in the folder."""
    write_toml(tmp_path, "a = 1\n", None)
    with pytest.raises(UsageError, match="changed meanwhile"):
        write_toml(tmp_path, "a = 2\n", None)
    write_toml(tmp_path, "a = 3\r\n", "a = 1\n")

    assert (tmp_path / "workbench.toml").read_bytes() == b"a = 3\r\n"
    assert [own.name for own in tmp_path.iterdir()] == ["workbench.toml"]
