"""Other teams' projects, run as they are: their clients, threads, tasks and configs, and no edit of theirs."""

import hashlib
import random
import secrets
from dataclasses import replace

import pytest

from tests import shapes
from tests.endpoint import FakeEndpoint
from workbench import project, settings
from workbench.documents.reading import read_document
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.engine.node_marks import edited, will_run
from workbench.engine.plan import plan_of
from workbench.export.delivery import free_number
from workbench.export.offer import offer
from workbench.export.request import ExportRequest
from workbench.graphs import graph
from workbench.graphs.sources import versions_of_dataflow
from workbench.models.catalog import CODE_CHOICE
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.records import Experiment, Variant

CALLS = {
    "pdf_summarizer": 7,
    "parallel_summarizer": 9,
    "config_prompts": 7,
    "async_summarizer": 4,
    "ticket_triage": 2,
}
"""Of one run by hand."""
FILES = {"async_summarizer": ("talk.txt", shapes.TRANSCRIPT), "ticket_triage": ("mail.txt", shapes.TICKET)}
WORDS = ("Be brief.", "Name the year.", "Use plain words.", "Say who.", "Leave out names.")


@pytest.fixture(scope="module")
def endpoint():
    with FakeEndpoint() as endpoint:
        yield endpoint


class Opened:
    """A project of a shape, opened in this process."""

    def __init__(self, name, root, home, endpoint):
        self.shape = shapes.SHAPES[name]
        (self.name,) = project.dataflows()
        self.root, self.home, self.endpoint = root, home, endpoint
        self.store = CallStore(home / "calls.db")
        self.pool = CallPool(self.store)
        file, text = FILES.get(name, ("paper.pdf", ""))
        self.document = read_document(text.encode() or shapes.report_pdf(), file, home)

    @property
    def versions(self):
        return versions_of_dataflow(self.name)

    @property
    def newest(self):
        return list(self.versions.values())[-1]

    def draft(self, **texts):
        """Of the newest version, with these prompts."""
        return Variant("mine", self.newest.label, texts)

    def experiment(self, *variants):
        given = {name: own for name, own in self.shape.inputs.items() if name not in self.newest.prompts}
        documents = (self.document,)
        return Experiment(secrets.token_hex(8), self.name, CODE_CHOICE, tuple(variants), documents, given)

    def plan(self, *variants):
        return plan_of(self.experiment(*variants), self.versions, self.store)

    def run(self, *variants):
        """The experiment, and how many calls reached the endpoint."""
        before = len(self.endpoint.requests)
        job = Job(self.experiment(*variants), self.versions, self.pool, OpenAIEndpoint(self.endpoint.url))
        job.start()
        assert job.wait(60)
        done = job.experiment()
        assert [run.error for run in done.runs] == [None] * len(variants)
        return done, len(self.endpoint.requests) - before

    def whole(self):
        """A variant that has a text for every prompt: one of the triage's is an input that nobody has filled."""
        version = self.newest
        empty = {name: self.shape.inputs[name] for name, own in version.prompts.items() if not own.template}
        return replace(self.draft(**empty), label="whole") if empty else Variant(version.label, version.label)


@pytest.fixture
def opened(request, tmp_path, monkeypatch, endpoint):
    """The project of the shape that the test names, as it would be by WORKBENCH_PROJECT."""
    for name in ("OPENAI_BASE_URL", "TRIAGE_BASE_URL"):
        monkeypatch.setenv(name, endpoint.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-theirs")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    root = shapes.shape(request.param, tmp_path)
    settings.open_project(root)
    own = Opened(request.param, root, settings.home(), endpoint)
    yield own
    own.pool.close()
    settings.open_project(settings.ROOT)


every_shape = pytest.mark.parametrize("opened", list(shapes.SHAPES), indirect=True)


@every_shape
def test_every_prompt_is_found(opened):
    """Nothing was said about the project, and all its prompts are there, each with a text or as an input."""
    assert set(opened.newest.prompts) == set(opened.shape.prompts)
    assert [own.reason for own in opened.newest.prompts.values()] == [""] * len(opened.shape.prompts)


@every_shape
def test_it_runs_as_it_is_and_pays_only_for_what_changed(opened):
    """A run makes the calls that a run by hand makes, all seen with their node; an edit of the last prompt one."""
    whole = opened.whole()
    planned = opened.plan(whole).to_make

    first, made = opened.run(whole)
    again, repeated = opened.run(whole)

    assert planned == made == CALLS[shape_name(opened)]
    assert repeated == 0
    assert {call.node for call in first.runs[0].calls} <= set(first.runs[0].values)
    assert first.runs[0].output == again.runs[0].output
    last = list(opened.newest.prompts)[-1]
    text = whole.templates.get(last) or opened.newest.prompts[last].template
    edit = replace(whole, label="edit", templates={**whole.templates, last: f"{text}\nBe brief."})
    assert (opened.plan(edit).to_make, opened.run(edit)[1]) == (1, 1)


@every_shape
def test_each_edit_marks_what_runs(opened):
    """In random edits of random prompts, the marked nodes are those that make calls or get another value."""
    dice = random.Random(hashlib.sha256(opened.name.encode()).hexdigest())
    whole = opened.whole()
    texts = {name: whole.templates.get(name) or own.template for name, own in opened.newest.prompts.items()}
    last, now = None, dict(texts)
    for _ in range(12):
        name = dice.choice(list(texts))
        now = {**now, name: f"{texts[name]}\n{dice.choice(WORDS)} {dice.choice(WORDS)}"}
        variant = opened.draft(**now)
        cell = opened.plan(variant).cells["mine", opened.document.sha256, 0]
        built = graph.build_version(graph.dataflow_named(opened.name), opened.newest, {})
        computed = {own.name for own in built.graph.nodes.values() if not own.user_defined}
        marked = will_run(built, edited(cell, {}, last, {}), cell) - set(texts)

        run = opened.run(variant)[0].runs[0]

        making = {call.node for call in run.calls if not call.reused}
        other = {own for own in run.values if last is None or run.values[own] != last.values.get(own)}
        quiet = other & computed - set(texts) - {call.node for call in run.calls}
        assert cell.to_make == run.calls_made
        if last is not None:
            assert marked == ((quiet | making) if making else set())
        last = run


@every_shape
def test_a_draft_is_exported_and_proved(opened):
    """The new module is proved in a fresh process with their dataflow, and its cases run again without a call."""
    whole = opened.whole()
    first = next(iter(opened.newest.prompts))
    mine = opened.draft(**{first: f"Be brief. {opened.newest.prompts[first].template}"})
    judged = opened.run(whole, mine)[0]
    request = ExportRequest(opened.name, opened.root, opened.home, opened.versions, mine, "brief", judged)
    before = len(opened.endpoint.requests)

    made = offer(request, free_number(request))

    assert [line.claim for line in made.proof if not line.ok] == []
    assert len(opened.endpoint.requests) == before
    assert f'"""v{made.number}: brief"""' in made.file.source


def shape_name(opened):
    """Of the shape."""
    return next(name for name, own in shapes.SHAPES.items() if own is opened.shape)
