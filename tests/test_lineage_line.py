"""The line of a prompt out of the history: which runs are of which text, and their figures; SQLite and PostgreSQL."""

import random
import statistics

import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, draft
from tests.kept_runs import kept
from workbench.errors import HistoryError
from workbench.history.history import History
from workbench.history.kept import APP, KeptCall
from workbench.history.recorder import Recorder
from workbench.history.spool import Spool
from workbench.history.texts import sha256_of
from workbench.lineage.figures import Figures, figures_of
from workbench.lineage.line import line_of
from workbench.records import Prompt, Variant, Version

pytest_plugins = ["tests.history_fixtures"]

NAME = "answer_prompt"


@pytest.fixture
def small(tmp_path):
    """An empty history in a file, for what no database does differently."""
    made = History(tmp_path / "runs.db", Spool(tmp_path / "waiting"))
    yield made
    made.close()


def versions_of(**texts):
    """Versions by their labels, each with this text."""
    return {
        label: Version("summarization", int(label[1:]), "", "", {NAME: Prompt(NAME, text)}, "", label * 32)
        for label, text in texts.items()
    }


def line(history, versions, prompt=NAME, **limits):
    with history.reading() as connection:
        return line_of(connection, "summarization", prompt, versions, **limits)


def figures(history, **keys):
    """Figures by name, of texts by name."""
    with history.reading() as connection:
        return figures_of(connection, "summarization", NAME, {sha256_of(text): name for name, text in keys.items()})


def run_all(lab, history, *variants):
    """The variants, run together and kept."""
    recorder = Recorder(history.record, lab.versions, "summarization", APP, "Ada")
    job = lab.job(*variants, on_run=recorder.record)
    job.start()
    assert job.wait(30)


def calls(made=0, reused=0, failed=0, cost=0.01):
    known = [KeptCall("", "m", 1.0, 1.0, 100, 20, cost) for _ in range(made)]
    known += [KeptCall("", "m", 1.0, 1.0, 100, 20, cost, is_made=False) for _ in range(reused)]
    return known + [KeptCall("", "m", 1.0, 0.0, is_failed=True) for _ in range(failed)]


def test_figures_are_added_up_for_each_text(history):
    """Runs, documents, calls and failures over all runs; time, tokens and cost of done runs without a reused answer."""
    text = {NAME: "A"}
    history.put(
        [
            kept(prompts=text, at=10.0, seconds=2.0, calls=calls(made=2)),
            kept(prompts=text, at=20.0, seconds=4.0, calls=calls(made=4), document="e" * 64),
            kept(prompts=text, at=30.0, seconds=0.1, calls=calls(made=1, reused=9)),
            kept(prompts=text, at=40.0, seconds=9.0, status="failed", calls=calls(made=1, failed=1)),
            kept(prompts={NAME: "B"}, at=50.0, seconds=7.0, calls=calls(made=1, cost=None), document=""),
            kept(prompts=text, dataflow="other"),
            kept(prompts={"other_prompt": "A"}),
        ]
    )

    told = figures(history, a="A", b="B", never="C")

    assert told == {
        "a": Figures(4, 1, 2, 8, 2, 3.0, 360.0, pytest.approx(0.03), 40.0),
        "b": Figures(1, 0, 0, 1, 1, 7.0, 120.0, None, 50.0),
    }


def test_the_median_is_the_middle_time(history):
    """Of an even number of runs it lies between the two middle ones; texts do not mix."""
    times = {str(count): random.Random(count).sample(range(1, 50), count) for count in (1, 2, 3, 4, 7)}
    history.put([kept(prompts={NAME: text}, seconds=float(own)) for text, all_ in times.items() for own in all_])

    told = figures(history, **{f"t{text}": text for text in times})

    medians = {f"t{text}": statistics.median(own) for text, own in times.items()}
    assert {text: own.median_seconds for text, own in told.items()} == medians


def test_two_fillings_of_one_text_are_added_up(history):
    """Runs whose parameters had other values count for the same text, each document once."""
    history.put([kept(prompts={NAME: "In French"}), kept(prompts={NAME: "In German"})])

    with history.reading() as connection:
        keys = {sha256_of("In French"): "k", sha256_of("In German"): "k"}
        told = figures_of(connection, "summarization", NAME, keys)

    assert (told["k"].runs, told["k"].documents) == (2, 1)


def test_real_runs_come_to_the_texts_they_were_of(make_lab, small):
    """A version, a draft of it, and both with another value for a parameter: two texts with two runs each."""
    lab = make_lab()
    text = "Tell me about {content_type} {{really}}:"
    own = draft("v2-draft", "v2", chunk=text)
    poems = {"content_type": "a poem"}
    variants = [Variant("v2", "v2"), own, Variant("p", "v2", {}, poems), Variant("q", "v2", own.templates, poems)]
    run_all(lab, small, *variants)

    told = line(small, lab.versions, CHUNK_PROMPT)

    (drafted,) = [node for node in told.tree.nodes if node.kind != "version"]
    v2 = next(node for node in told.tree.nodes if node.name == "v2")
    assert drafted.prompt.template == own.templates[CHUNK_PROMPT]
    assert (drafted.kind, drafted.parent) == ("draft", v2.key)
    assert (told.figures[v2.key].runs, told.figures[drafted.key].runs) == (2, 2)
    assert (len(v2.hashes), len(drafted.hashes)) == (2, 2)
    assert all(small.text(sha256).startswith("Tell me about ") for sha256 in drafted.hashes)


def test_a_prompt_that_a_draft_left_alone_stays_the_version(make_lab, small):
    """Of the prompts of a draft, only those it changes have a text of its own; other versions' can stand in."""
    lab = make_lab()
    run_all(lab, small, draft("d", "v3", last="Short:"), Variant("m", "v3", prompts_from={CHUNK_PROMPT: "v1"}))

    chunk, last = line(small, lab.versions, CHUNK_PROMPT), line(small, lab.versions, LAST_PROMPT)

    ran = {own.name: chunk.figures[own.key].runs for own in chunk.tree.nodes if own.key in chunk.figures}
    assert ran == {"v1": 1, "v3": 1}
    assert [own.name for own in last.tree.nodes if own.kind == "draft"] == ["d"]


def test_runs_of_services_are_known_by_what_they_sent(small):
    """A version's text is that version's; another one stands with its text where that was kept, without it else."""
    versions = versions_of(v1="A", v2="B")
    away = kept("", prompts={NAME: "secret"}, source="tickets", variant="v2", base="v2")
    small.put(
        [
            kept(prompts={NAME: "A"}, source="tickets", variant="v1", base="v1"),
            kept(prompts={NAME: "C"}, source="tickets", variant="v2", base="v2"),
            away.__class__(**{**vars(away), "texts": [], "body": {"schema": 1, "kind": "service"}}),
        ]
    )

    told = line(small, versions)

    others = {own.key: own for own in told.tree.nodes if own.kind != "version"}
    assert [own.name for own in told.tree.nodes] == ["v1", "v2", "v2", "v2"]
    assert {own.kind for own in others.values()} == {"service"}
    assert others[sha256_of("C")].prompt.template == "C"
    assert others[sha256_of("secret")].prompt is None
    assert told.figures[sha256_of("A")].runs == 1


@pytest.mark.parametrize("body", [{}, {"experiment": 7}, {"experiment": {"variants": []}, "versions": []}, [], "x"])
def test_a_run_that_cannot_be_read_counts_with_what_it_sent(small, body):
    """Whatever its body holds, the text that was sent stands for the template."""
    small.put([kept(prompts={NAME: "sent {x}"}, variant="d", base="v1", is_draft=True, body=body)])

    told = line(small, versions_of(v1="A"))

    (own,) = [own for own in told.tree.nodes if own.kind != "version"]
    assert own.prompt.template == "sent {x}"
    assert told.tree.nodes[0].key == own.parent


def test_what_is_left_out_is_said(small):
    """Texts beyond those that are read, and runs beyond those that are looked at, are told in a sentence each."""
    small.put([kept(prompts={NAME: f"text {number}"}, at=float(number)) for number in range(303)])

    told = line(small, versions_of(v1="A"), most_runs=302)

    assert told.notes == (
        "The figures are of the newest 302 runs of the dataflow; older ones are in the history.",
        "102 older texts that ran are left out; the last 300 that were sent are read.",
    )
    assert len(told.tree.nodes) == 1 + 200


def test_a_prompt_that_never_ran_has_its_versions(small):
    """Without runs the tree has the versions, and no figures."""
    told = line(small, versions_of(v1="A", v2="B"))

    assert [own.name for own in told.tree.nodes] == ["v1", "v2"]
    assert (told.figures, told.notes) == ({}, ())


def test_a_history_that_is_away_is_told(tmp_path):
    """It is an error of the history, so that a page can show the versions alone."""
    away = History("postgresql://nobody@127.0.0.1:9/none", Spool(tmp_path))

    with pytest.raises(HistoryError):
        line(away, versions_of(v1="A"))
