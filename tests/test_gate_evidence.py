"""The gate and evidence: a new version without any is told, a worse one can fail, and that of other prompts does."""

import argparse
import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.evidence_makers import evidence, figures, put
from tests.gate_project import GOOD, commit, git, real_project, small_project, write
from tests.gate_project import module as module_source
from workbench.check_command import check
from workbench.evaluation.evidence_file import evidence_path, read_evidence
from workbench.evaluation.prompt_texts import texts_sha256, variant_sha256
from workbench.export.offer import offer
from workbench.export.request import ExportRequest
from workbench.gate.arguments import EVIDENCE, add_arguments
from workbench.gate.gate import gate
from workbench.gate.github_report import summary
from workbench.gate.junit_report import junit_xml
from workbench.gate.text_report import report_json, report_text
from workbench.prompts.reader import read_prompts
from workbench.prompts.versions import versions_of
from workbench.records import Variant
from workbench.settings import ROOT

NEW = GOOD.replace("v1: a first", "v2: a second").replace("Check {draft}", "Read {draft} again")
V2 = "prompts/letters/prompts_v2.py"
FILE = evidence_path("letters", "v2")


def sha256(source):
    return texts_sha256(read_prompts(source).values())


def own(word="better", source=NEW, **changes):
    """Evidence of v2 against v1."""
    return evidence(word, sha256(source), sha256(GOOD), **changes)


@pytest.fixture
def branch(tmp_path):
    """A project whose v1 is merged at main, on a branch that adds v2."""
    root = small_project(tmp_path / "project", GOOD)
    commit(root)
    git(root, "checkout", "-q", "-b", "work")
    write(root, V2, NEW)
    return root


def against_main(root, **options):
    return gate(root, baseline="main", run=False, **options)


def told(report):
    """(rule, level) of what is said of evidence."""
    return [(found.rule, found.level) for found in report.findings if found.rule.startswith("evidence")]


def test_a_new_version_without_evidence_is_told_and_passes(branch):
    """The warning says against what, and which two commands bring it; required, it fails; off, nothing is said."""
    warned, required, off = (against_main(branch, evidence=policy) for policy in EVIDENCE)
    (finding,) = [found for found in warned.findings if found.rule == "evidence"]

    assert finding.message == ("v2 has no evidence: no evaluation and no blind review says that it is better than v1")
    assert "evaluate DATASET --dataflow letters --variant v2 --baseline v1`" in finding.hint
    assert "export --dataflow letters --variant v2 --evidence`" in finding.hint
    assert (warned.passed, required.passed, off.passed) == (True, False, True)
    assert (told(warned), told(required), told(off)) == ([("evidence", "warning")], [("evidence", "error")], [])


@pytest.mark.parametrize(
    ("word", "warned", "required"),
    [
        ("better", [], []),
        ("worse", [("evidence", "warning")], [("evidence", "error")]),
        ("not enough evidence", [], [("evidence", "error")]),
    ],
)
def test_the_word_decides_by_the_policy(branch, word, warned, required):
    """Worse is a warning, and fails where evidence is required; what decides nothing fails there, too."""
    put(branch, "letters", "v2", own(word))

    by_policy = {policy: against_main(branch, evidence=policy) for policy in EVIDENCE}

    assert told(by_policy["warn"]) == warned
    assert told(by_policy["require"]) == required
    assert told(by_policy["off"]) == []
    assert [found.word for found in by_policy["warn"].evidence] == [word]
    assert by_policy["off"].evidence == ()


def test_a_worse_word_is_not_outvoted(branch):
    """A better one on another dataset does not take it back."""
    put(branch, "letters", "v2", own("better"), own("worse", dataset="other"))

    report = against_main(branch, evidence="require")

    assert not report.passed
    assert "v2 is worse: Evaluation on other (content abababab" in report_text(report)


def test_a_tag_that_is_worse_is_a_warning(branch):
    """Also where all documents together are better."""
    put(branch, "letters", "v2", own("better", worse_on=("long", "legal")))

    report = against_main(branch, evidence="require")

    assert told(report) == [("evidence", "warning")]
    assert "v2 is worse on the tags long, legal" in report_text(report)


@pytest.mark.parametrize("policy", ["warn", "require"])
def test_evidence_of_other_prompts_is_an_error(branch, policy):
    """Of an edited version, and against a v1 that is not this project's; merged or new."""
    put(branch, "letters", "v2", own(source=NEW.replace("again", "twice")))
    edited = against_main(branch, evidence=policy)
    put(branch, "letters", "v2", evidence("better", sha256(NEW), "3" * 64))
    other_base = against_main(branch, evidence=policy)
    put(branch, "letters", "v2", own())
    put(branch, "letters", "v1", own())
    merged = against_main(branch, evidence=policy)

    assert told(edited) == told(other_base) == told(merged) == [("evidence-record", "error")]
    assert "the evidence is of other prompts than prompts_v2.py has" in report_text(edited)
    assert "the evidence is of other prompts: its v1 is not the one of this project" in report_text(other_base)
    assert not edited.passed and [found.path for found in edited.findings if found.rule == "evidence-record"] == [FILE]


@settings(max_examples=20)
@given(st.text(st.characters(codec="utf-8", exclude_characters='{}"\\\r\n\x00'), min_size=1, max_size=4), st.data())
def test_any_edit_of_the_module_makes_its_evidence_another_ones(tmp_path_factory, piece, data):
    """Wherever a text is changed, by however little, the evidence beside it does not count."""
    text = "Read {draft} again"
    place = data.draw(st.sampled_from([0, 4, 12, len(text)]))
    edited = NEW.replace(text, text[:place] + piece + text[place:])
    root = small_project(tmp_path_factory.mktemp("project"), GOOD, edited)
    put(root, "letters", "v2", own())

    report = gate(root, run=False)

    assert told(report) == [("evidence-record", "error")]
    assert not report.evidence


def test_layout_and_docstrings_leave_the_evidence_alone(branch):
    """What a formatter touches is no other prompt."""
    put(branch, "letters", "v2", own())
    text = NEW.replace("Reads it again", "Reads it once more").replace('"Read {draft} again"', "'Read {draft} again'")
    write(branch, V2, text + "# a comment\n")

    report = against_main(branch)

    assert [found.word for found in report.evidence] == ["better"]


def test_only_new_versions_need_evidence(branch):
    """Not the first one, not a merged one, and without a baseline only those above the one in production."""
    write(branch, "prompts/letters/current.py", '"""Production."""\n\nfrom . import prompts_v1 as prompts\n')
    above = gate(branch, run=False)
    write(branch, "prompts/letters/current.py", '"""Production."""\n\nfrom . import prompts_v2 as prompts\n')
    current = gate(branch, run=False)
    commit(branch)
    git(branch, "branch", "-f", "main", "HEAD")
    write(branch, "datasets/letters/notes", "changed")
    merged = against_main(branch)
    first = gate(small_project(branch.parent / "first", GOOD), run=False, evidence="require")

    assert told(above) == [("evidence", "warning")]
    assert told(current) == told(merged) == told(first) == []


BROKEN = {
    "no JSON": lambda text: "{",
    "no record": lambda text: "[]",
    "another form": lambda text: text.replace('"schema": 1', '"schema": 2'),
    "of another version": lambda text: text.replace('"version": "v2"', '"version": "v3"'),
    "of another dataflow": lambda text: text.replace('"dataflow": "letters"', '"dataflow": "poems"'),
    "another word": lambda text: text.replace('"word": "better"', '"word": "best"'),
    "a word against its p": lambda text: text.replace('"p": 0.003', '"p": 0.3'),
    "a word against its interval": lambda text: text.replace('"word": "better"', '"word": "worse"'),
    "counts that are not n": lambda text: text.replace('"wins": 12', '"wins": 13'),
    "no number": lambda text: text.replace('"p": 0.003', '"p": NaN'),
    "no hash": lambda text: text.replace(sha256(NEW), "z" * 64),
    "nothing in it": lambda text: json.dumps({**json.loads(text), "evidence": []}),
    "too much": lambda text: text + " " * 300_000,
    "too deep": lambda text: "[" * 100_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_evidence_that_contradicts_itself_is_an_error(branch, name):
    """Whatever was edited by hand: the file is named, and nothing in it counts."""
    path = put(branch, "letters", "v2", own())
    path.write_text(BROKEN[name](path.read_text("utf-8")), "utf-8")

    report = against_main(branch)

    assert told(report) == [("evidence-record", "error")]
    assert "evidence_v2.json" in report_text(report)
    assert report.evidence == ()


def test_every_report_carries_the_verdict(branch):
    """Text, Markdown for GitHub, JUnit and JSON have its sentence, passed or not; no call is made for it."""
    put(branch, "letters", "v2", own("better"))

    report = against_main(branch)
    cases = {
        case.get("name"): case
        for case in ElementTree.fromstring(junit_xml(report)).iter("testcase")
        if "v2" in case.get("classname")
    }
    sentence = "better than v1; n = 20 documents: 12 won, 1 lost, 7 tied; difference 0.55, 95% interval 0.3 to 0.8"

    assert f"{V2}: evidence\n  Evaluation on " in report_text(report) and sentence in report_text(report)
    assert sentence in summary(report) and "### Evidence" in summary(report)
    assert sentence in cases["evidence"].findtext("system-out") and cases["evidence"].find("failure") is None
    assert report_json(report)["evidence"][0]["word"] == "better" and sentence in json.dumps(report_json(report))
    assert report.calls == 0


@pytest.mark.parametrize(
    "text", ["<img src=x>", "@all", "#12", "[a](javascript:b)", "`x`", "\u202eevil", "a | b", "::error::x", "\x1b[31m"]
)
def test_hostile_names_take_no_effect_in_reports(branch, text):
    """Whoever wrote the file: a name neither links, pings nor leaves its line, and steers no terminal."""
    put(branch, "letters", "v2", own("worse", dataset=text, model=text, worse_on=(text,), joint=(f"{text}: both",)))

    report = against_main(branch)
    parser = MarkdownIt("commonmark").enable("table")
    inner = [child for token in parser.parse(summary(report)) for child in token.children or ()]
    plain = "".join(child.content for child in inner if child.type == "text")

    assert {child.type for child in inner} <= {"text", "code_inline", "softbreak"}
    assert not re.search(r"[@#]\w|\u202e", plain)
    assert not re.search("[\x1b\u202e]", report_text(report))
    assert "\n::error::x" not in report_text(report)
    ElementTree.fromstring(junit_xml(report))


def test_an_export_carries_its_evidence_to_a_clean_clone(tmp_path):
    """CI has no state folder: what the export wrote beside the module is enough, and fits the module."""
    root = real_project(tmp_path / "project", {1: module_source(1)})
    commit(root)
    versions = versions_of("summarization", root)
    name = "summarize_text_from_summaries_prompt"
    mine = Variant("mine", "v1", {name: 'Say {{this}} of "{results}"\n'})
    hashes = [variant_sha256(mine, versions), variant_sha256(Variant("v1", "v1"), versions)]
    told_of = (evidence("better", *hashes, worse_on=("long",)),)

    made = offer(ExportRequest("summarization", root, tmp_path / "home", versions, mine, evidence=told_of), 2)
    git(root, "checkout", "-q", "-b", "work")
    for path, content in made.files.items():
        write(root, path, content)
    commit(root)
    subprocess.run(["git", "clone", "-q", str(root), str(tmp_path / "clone")], check=True)
    git(tmp_path / "clone", "branch", "-q", "main", "origin/main")
    report = gate(tmp_path / "clone", baseline="main", run=False, evidence="require")

    assert report.passed, report_text(report)
    assert told(report) == [("evidence", "warning")]
    assert read_evidence(tmp_path / "clone", "summarization", "v2") == told_of


def test_the_command_takes_the_policy(branch, capsys):
    """--evidence require ends with 1 for a version without any; the default ends with 0."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    words = ["--static", "--baseline", "main"]

    codes = [check(parser.parse_args([*words, *more]), branch) for more in ([], ["--evidence", "require"])]

    assert codes == [0, 1]
    assert "warning evidence: v2 has no evidence" in capsys.readouterr().out


def test_reading_evidence_loads_no_numbers_and_no_database(branch):
    """The static part stays fast: neither numpy nor SQLAlchemy nor Hamilton is loaded for it."""
    put(branch, "letters", "v2", own())
    code = (
        "import sys; from pathlib import Path; from workbench.gate.gate import gate; "
        f"print(len(gate(Path({str(branch)!r}), run=False).evidence), *sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    count, *loaded = done.stdout.split()

    assert count == "1"
    assert not {"numpy", "sqlalchemy", "hamilton"} & set(loaded)


def test_figures_of_tests_allow_their_word():
    """What these tests call better is called so by the gate's own check of a file."""
    assert figures("better").interval[0] > 0 > figures("worse").interval[1]
