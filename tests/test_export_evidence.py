"""What an export says of the evidence for a version: verdicts of evaluations and reviews, or that there are none."""

import json
import random
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from tests.conftest import LAST_PROMPT, document_of, draft
from tests.evidence_makers import evidence, lay
from tests.gate_project import module, real_project, write
from tests.hostile import hostile_prompts
from tests.pages import shown
from tests.test_pull_request import change
from workbench.command_line import main
from workbench.errors import ExportError, UsageError
from workbench.evaluation.evidence_file import evidence_bytes, evidence_path, read_evidence
from workbench.evaluation.evidence_sentence import evidence_sentence
from workbench.evaluation.prompt_texts import texts_sha256, variant_sha256
from workbench.export.evidence import Question, evidence_of
from workbench.export.module_file import preview
from workbench.export.no_evidence import evaluate_draft_line, evaluate_line, nobody_judged
from workbench.export.offer import offer
from workbench.export.pull_request import pull_request_text
from workbench.export.request import ExportRequest
from workbench.export.said import said_text
from workbench.export.version_evidence import write_version_evidence
from workbench.history.history import History
from workbench.history.kept import APP
from workbench.history.recorder import Recorder
from workbench.history.spool import Spool
from workbench.prompts.reader import function_names, read_prompts
from workbench.prompts.versions import versions_of
from workbench.records import Variant
from workbench.review.reviews import Reviews
from workbench.settings import ROOT

pytest_plugins = ["tests.page_fixtures"]

MINE = draft("v3-draft", last="Shorter.")
VERSIONS = versions_of("summarization", ROOT)
HASHES = variant_sha256(MINE, VERSIONS), variant_sha256(Variant("v3", "v3"), VERSIONS)


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path / "history.db", Spool(tmp_path / "waiting"))
    yield made
    made.close()


@pytest.fixture
def reviewed(make_lab, history):
    """The draft and its base ran on eight documents, and Ada always finds the draft better."""
    lab = make_lab()
    recorder = Recorder(history.record, lab.versions, "summarization", APP, "Ada")
    documents = [document_of(1, f"topic {number}") for number in range(8)]
    job = lab.job(Variant("v3", "v3"), MINE, documents=documents, on_run=recorder.record)
    job.start()
    assert job.wait(30)
    reviews = Reviews(history, random.Random(1))
    review = reviews.create("summarization", ["v3", "v3-draft"], by="Ada")
    for place in reviews.seat(review, "Ada"):
        catch = review.pairs[place.pair].catch
        reviews.vote(review, "Ada", place, "tie" if catch else "left" if place.is_flipped else "right")
    return review


def question(variant=MINE, against="v3"):
    return Question("summarization", variant, against, VERSIONS)


def of_mine(word="better", **changes):
    """Evidence of the draft against v3."""
    return evidence(word, *HASHES, **{"baseline": "v3", **changes})


def said(history, home, *asked):
    return [evidence_sentence(own) for own in evidence_of(history, home, question(*asked))]


def test_the_verdict_of_a_review_of_these_prompts_is_told(history, reviewed, tmp_path):
    """With its counts and its interval."""
    (sentence,) = said(history, tmp_path)

    assert "Blind review by 1 person: better (8 won, 0 lost, 0 tied of 8 documents" in sentence
    assert "95% interval" in sentence


def test_evidence_for_another_text_does_not_count(history, reviewed, tmp_path):
    """Neither a review nor an evaluation speaks for a draft that was edited since, or against another base."""
    lay(tmp_path, of_mine())
    edited = replace(MINE, templates={LAST_PROMPT: "Longer. {results}"})

    assert len(said(history, tmp_path)) == 2
    assert said(history, tmp_path, edited) == []
    assert said(history, tmp_path, replace(MINE, base="v2"), "v2") == []
    assert said(history, tmp_path, Variant("v3", "v3")) == []


def test_evaluations_and_reviews_are_told_together_the_newest_first(history, reviewed, tmp_path):
    """At most five in all, each with its n, interval, ties, dataset, content and model."""
    lay(tmp_path, of_mine("worse", dataset="later"), at=reviewed.created_at + 10)
    lay(tmp_path, of_mine(worse_on=("long",)), at=1_000.0)

    newest, review, oldest = said(history, tmp_path)
    for number in range(5):
        lay(tmp_path, of_mine(dataset=f"set {number}"), at=2_000.0 + number)

    assert newest.startswith("Evaluation on later (content abababab") and "worse than v3" in newest
    assert review.startswith("Blind review")
    assert "on letters (content abababab, 40 cases, model scripted on 25 November 2026): better than v3" in oldest
    assert "n = 20 documents: 12 won, 1 lost, 7 tied; difference 0.55, 95% interval 0.3 to 0.8" in oldest
    assert "passes 30 of 40 cases, v3 20 of 40. Worse on the tag long (n = 20: 1 won, 12 lost, 7 tied)." in oldest
    assert len(said(history, tmp_path)) == 5


def test_evaluations_are_told_while_the_database_is_away(tmp_path):
    """An export does not wait for a database, and its files are there."""
    away = History("postgresql://nobody@127.0.0.1:9/none", Spool(tmp_path / "waiting"))
    lay(tmp_path, of_mine())

    assert len(said(away, tmp_path)) == 1
    away.close()


def test_the_pull_request_carries_the_verdict_or_says_that_there_is_none():
    """In a section of its own; without any it names the commands that judge the version on the branch."""
    with_it = pull_request_text(change(evidence=(evidence_sentence(of_mine()),)))
    without = pull_request_text(change(dataset="summarization"))
    config = pull_request_text(change(path="prompts/all.py"))

    assert "## Evidence\n\n- Evaluation on " in with_it and "better than v3" in with_it
    line = evaluate_line("summarization", "v4", "v3", "summarization")
    assert f"## Evidence\n\n{nobody_judged('v3')} On this branch, `{line}` judges it, and `" in without
    assert "`python -m workbench export --dataflow summarization --variant v4 --evidence`" in without
    assert "--variant version=v4 --baseline v3`" in config and "--evidence" not in config


HOSTILE = ["<img src=x> @all #12", "[a](javascript:b)", "](x)", "`` ` ``", "fixes #1", "\u202eevil", "a | b", "- [ ] x"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_take_no_effect_in_the_pull_request(text):
    """Names of datasets, tags, models and versions are read as they are: no link, mention, picture or HTML."""
    told = of_mine(dataset=text, model=text, worse_on=(text,), baseline=text, joint=(f"{text}: each alone wins",))

    body = pull_request_text(change(evidence=(evidence_sentence(told),))).split("## Evidence\n\n")[1]
    tokens = MarkdownIt("commonmark").parse(body.split("\n## ")[0])
    inner = [child for token in tokens for child in token.children or ()]
    plain = "".join(child.content for child in inner if child.type == "text")

    assert [token.type for token in tokens].count("list_item_open") == 1
    assert {child.type for child in inner} <= {"text", "code_inline"}
    assert not re.search(r"[@#<>\[\]`|]\w|\u202e", plain)


def test_what_is_exported_is_what_the_evidence_is_of():
    """Whatever the texts, the file has the draft's hash: read by the gate, and whatever the order of parameters."""
    for template in hostile_prompts(60, 7, ("results", "query")):
        variant = Variant("mine", "v3", {LAST_PROMPT: template})

        file = preview(VERSIONS["v3"], variant.templates, 4, "")
        read = read_prompts(file.source, function_names(file.source))

        assert texts_sha256(file.prompts) == texts_sha256(read.values()) == variant_sha256(variant, VERSIONS)


@pytest.fixture
def project(tmp_path):
    """A project with two versions, and its state folder."""
    root = real_project(tmp_path / "project", {1: module(1), 2: module(2, last='"Shorter: {results}"')})
    home = tmp_path / "home"
    home.mkdir()
    return root, home


def of_version(root, **changes):
    versions = versions_of("summarization", root)
    hashes = [variant_sha256(Variant(label, label), versions) for label in ("v2", "v1")]
    return versions, evidence("better", *hashes, **changes)


def test_the_evidence_goes_along_with_the_module(project):
    """As a file of its own, the same bytes each time, with a line for each value and nobody's name."""
    root, home = project
    versions = versions_of("summarization", root)
    mine = Variant("mine", "v2", {LAST_PROMPT: "Shortest: {results}"})
    hashes = [variant_sha256(own, versions) for own in (mine, Variant("v2", "v2"))]
    told = (evidence("better", *hashes, baseline="v2"), evidence("worse", "9" * 64, hashes[1]))
    request = ExportRequest("summarization", root, home, versions, mine, evidence=told)

    made = offer(request, 3)
    path = evidence_path("summarization", "v3")
    content = made.files[path]
    write(root, path, content)

    assert content == evidence_bytes("summarization", "v3", told[:1]) and b'\n    "word": "better"\n' in content
    assert read_evidence(root, "summarization", "v3") == told[:1]
    assert "Evaluation on letters (content abababab" in made.text


def test_evidence_for_a_version_that_is_there_is_written_beside_it(project, history):
    """Against the version it was edited from; without any, or for the first version, it is refused with what to do."""
    root, home = project
    versions, told = of_version(root)

    with pytest.raises(ExportError, match="Nobody has judged it against v1") as raised:
        write_version_evidence(history, root, home, "summarization", versions, "v2")
    with pytest.raises(UsageError, match="v1 is the first version"):
        write_version_evidence(history, root, home, "summarization", versions, "v1")
    lay(home, told)
    path, found = write_version_evidence(history, root, home, "summarization", versions, "v2")

    assert "evaluate DATASET --dataflow summarization --variant v2 --baseline v1" in raised.value.hint
    assert path == root / evidence_path("summarization", "v2") and list(path.parent.iterdir()) == [path]
    assert found == (told,) == read_evidence(root, "summarization", "v2")


def test_the_command_says_that_nobody_has_judged_a_draft(tmp_path, monkeypatch, capsys):
    """In one sentence, and then the line that has it judged; with evidence, it says that instead."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    words = ["export", "--draft", "mine=v3", "--set", f"mine.{LAST_PROMPT}={MINE.templates[LAST_PROMPT]}"]

    assert main([*words, "--json", "-"]) == 0
    said = json.loads(capsys.readouterr().out)
    lay(tmp_path, of_mine(dataset="\x1b[31mred"))
    assert main(words) == 0
    text, without = capsys.readouterr().out, said_text(said)

    assert f"\n{nobody_judged('v3')}\nJudge it first: python -m workbench evaluate summarization " in without
    assert f"--draft mine=v3 --set mine.{LAST_PROMPT}=@{LAST_PROMPT}.txt --baseline v3" in without
    assert "\nEvidence: Evaluation on \\u001b[31mred" in text and "Nobody" not in text
    assert said["evidence"] == [] and said["files"] == [said["path"]]


def test_the_command_refuses_evidence_that_is_not_there(tmp_path, monkeypatch, capsys):
    """It ends with 1 and names the command; nothing is written."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))

    code = main(["export", "--variant", "v3", "--evidence"])

    assert code == 1
    assert "Judge it first: python -m workbench evaluate" in capsys.readouterr().err
    assert not (ROOT / evidence_path("summarization", "v3")).exists()


def test_the_line_that_judges_a_draft_can_be_given_to_a_shell():
    """Whatever the draft is called; a combination of versions has no such line."""
    odd = Variant("it's; rm", "v3", {LAST_PROMPT: "x"})

    assert "rm" not in evaluate_draft_line(ROOT, "summarization", odd)
    assert evaluate_draft_line(ROOT, "summarization", Variant("a", "v3", {}, {}, {LAST_PROMPT: "v2"})) == ""
    assert evaluate_line("summarization", "v4; rm", "v3") == ""


def test_the_page_says_what_was_found_or_that_nothing_was(desk):
    """Names of others stay text; without evidence there is the command, and for a version as it is neither."""
    untouched = desk.open("pages/export.py")
    desk.lay_draft("v3", MINE.templates)
    without = desk.open("pages/export.py")
    lay(desk.home, of_mine("worse", dataset="<b>red", model="<img src=x>"))
    told = desk.open("pages/export.py")

    assert "Nobody has judged" not in shown(untouched)
    assert "Nobody has judged it against v3" in shown(without)
    assert any(f"--set v3-draft.{LAST_PROMPT}=@" in own.value for own in without.markdown)
    assert "Nobody has judged" not in shown(told)
    assert "Evaluation on &lt;b&gt;red" in shown(told) and "worse than v3" in shown(told)
    assert "<b>red" not in shown(told) and "<img" not in shown(told)
