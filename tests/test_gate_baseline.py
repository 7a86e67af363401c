import ast
from dataclasses import replace

import pytest

from tests.gate_project import (
    GOOD,
    commit,
    git,
    keep,
    module,
    real_project,
    record,
    seen,
    small_project,
    write,
)
from workbench.cases.record import record_path
from workbench.gate.gate import gate
from workbench.gate.module import PromptModule
from workbench.gate.regression import regression_findings
from workbench.git.failures import GitError

TESTS = "- assert:\n    - {type: icontains, value: roses}\n"
V1, V2, V3 = (f"prompts/letters/prompts_v{number}.py" for number in (1, 2, 3))
HURRIED = {"chunk": '"Hurry: {chunk}"', "last": '"Hurry: {results}"'}


def merged(root, *sources):
    """A small project whose versions are merged at main, on a branch of its own."""
    small_project(root, *sources)
    commit(root)
    git(root, "checkout", "-q", "-b", "work")
    return root


def against_main(root, **options):
    return gate(root, baseline="main", run=False, **options)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        (lambda text: text.replace("Check {draft}", "Look at {draft}"), "error"),
        (lambda text: text.replace('"plain"', '"short"'), "error"),
        (lambda text: text + '\nMODEL = {"name": "another"}\n', "error"),
        (lambda text: text + "\n\ndef _helper() -> int:\n    return 1\n", "error"),
        (lambda text: text + "\nprint(1)\n", "error"),
        (lambda text: text.replace("Reads it again", "Reads it once more"), "warning"),
        (lambda text: text.replace('"Check {draft}"', "'Check ' '{draft}'"), "warning"),
        (lambda text: text + "# a comment\n", "warning"),
        (lambda text: text + '\nPROVENANCE = {"schema": 0}\n', "warning"),
    ],
)
def test_a_merged_version_stays_as_it_is(tmp_path, change, level):
    """What changes what it asks is an error, and what does not is a warning; committed or not."""
    root = merged(tmp_path, GOOD)
    write(root, V1, change(GOOD))

    report = against_main(root)

    hits = [(own.level, own.path) for own in report.findings if own.rule == "immutable"]
    assert hits == [(level, V1)]


def test_a_changed_computation_is_an_error(tmp_path):
    """Logic in a merged prompt may not change, but its docstring may."""
    computed = GOOD.replace('"Check {draft}"', '"Check {draft}".strip()')
    root = merged(tmp_path, computed)

    write(root, V1, computed.replace("again", "twice"))
    docstring = against_main(root)
    write(root, V1, computed.replace("strip", "lstrip"))
    logic = against_main(root)

    assert [own.level for own in docstring.findings if own.rule == "immutable"] == ["warning"]
    assert [own.level for own in logic.findings if own.rule == "immutable"] == ["error"]


def test_a_deleted_version_is_an_error(tmp_path):
    """A merged version that is gone is named."""
    root = merged(tmp_path, GOOD, GOOD.replace("v1", "v2"))
    (root / V2).unlink()
    commit(root)

    (finding,) = against_main(root).findings

    assert (finding.rule, finding.level, finding.path) == ("immutable", "error", V2)


def test_what_main_added_since_is_no_deletion(tmp_path):
    """What was merged after this branch began isn't missed, and clashes only with another text of its number."""
    root = merged(tmp_path, GOOD)
    git(root, "checkout", "-q", "main")
    write(root, V2, GOOD.replace("v1", "v2"))
    commit(root)
    git(root, "checkout", "-q", "work")
    write(root, "datasets/letters/notes.txt", "x")
    behind = against_main(root)
    write(root, V2, GOOD.replace("v1", "v2"))
    same = against_main(root)
    write(root, V2, GOOD.replace("v1", "v2").replace("Check", "See"))
    clash = against_main(root)

    assert behind.findings == ()
    assert same.findings == ()
    assert seen(clash) == {("prompts_v2.py", "immutable")}


def test_only_what_was_named_is_held_against_the_baseline(tmp_path):
    """A deleted version outside of the paths that were named is not told."""
    root = merged(tmp_path, GOOD, GOOD.replace("v1", "v2"))
    (root / V2).unlink()

    assert against_main(root, paths=[root / V1]).findings == ()


def test_a_project_below_the_repository_is_checked_as_well(tmp_path):
    """Paths are the project's, wherever in the repository it is."""
    root = small_project(tmp_path / "packages" / "letters", GOOD)
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "work")
    write(root, V1, GOOD.replace("Check", "See"))

    (finding,) = against_main(root).findings

    assert (finding.rule, finding.path) == ("immutable", V1)


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", ""])
def test_an_unknown_baseline_is_refused(tmp_path, revision):
    """A revision that isn't there, or looks like an option, is an error of the usage."""
    root = merged(tmp_path, GOOD)

    with pytest.raises(GitError):
        gate(root, baseline=revision, run=False)

    assert not (root / "x").exists()


def test_without_a_change_everything_passes(tmp_path, monkeypatch):
    """Where nothing of prompts, dataflows and datasets changed, nothing is run and no key is needed: it says so."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    root = merged(tmp_path, GOOD.replace("{draft}", "{nothing}"))
    write(root, "README.md", "A change elsewhere.")
    commit(root)

    report = gate(root, baseline="main")

    assert (report.passed, report.findings, report.calls) == (True, (), 0)
    assert "nothing in prompts/, dataflows/, datasets/ changed since main" in report.note


@pytest.fixture
def checkout(tmp_path):
    """A project whose v1 and v2 are merged with their cases; v1 is in production, and finds roses."""
    root = real_project(tmp_path / "project", {1: module(1), 2: module(2, **HURRIED)})
    write(root, "prompts/summarization/current.py", "from . import prompts_v1 as prompts\n")
    write(root, "datasets/summarization/tests.yaml", TESTS)
    record(root, 1)
    record(root, 2)
    commit(root)
    git(root, "checkout", "-q", "-b", "work")
    return root


def test_worse_versions_and_lost_cases_are_found(checkout):
    """A planted worse version fails by document and on average; so do lost cases, and a version as good passes."""
    root = checkout
    write(root, "prompts/summarization/prompts_v3.py", module(3, **HURRIED))
    write(root, "prompts/summarization/prompts_v4.py", module(4, last='"In short: {results}"'))
    write(root, "prompts/summarization/prompts_v5.py", module(5, last='"At length: {results}"'))
    write(root, "prompts/summarization/prompts_v6.py", module(6))
    write(root, "prompts/summarization/prompts_v7.py", module(7))
    record(root, 3, repetitions=2)
    record(root, 4)
    record(root, 5, topics=["parks"])
    keep(root, replace(record(root, 6), cases=()))
    (root / record_path("summarization", "v2")).unlink()

    report = gate(root, baseline="main")

    errors = [own for own in report.findings if own.level == "error" and own.rule != "assertion"]
    told = {(own.path.rpartition("_")[2], own.rule, own.document) for own in errors}
    assert told == {
        ("v2.json", "case-missing", "gardens.pdf"),
        ("v2.json", "case-missing", "parks.pdf"),
        ("v3.json", "regression", "gardens.pdf"),
        ("v3.json", "regression", "parks.pdf"),
        ("v3.json", "regression", ""),
        ("v5.json", "case-missing", "gardens.pdf"),
        ("v6.json", "case-missing", "gardens.pdf"),
        ("v6.json", "case-missing", "parks.pdf"),
    }
    one = next(own.message for own in errors if own.rule == "regression")
    assert "gardens.pdf scores 0 with v3 (n = 2) and 1 with v1 (n = 1); at most 0.05 less" in one
    assert ("prompts_v7.py", "no-record") in seen(report)
    assert report.calls == 0


def compared(before, after, tolerance):
    """(rule, document) of what is found when these cases are compared: (document, its hash, score) each."""
    answer = {
        name: [{"document": case[0], "sha256": case[1], "repetition": 0, "score": case[2]} for case in cases]
        for name, cases in (("baseline_cases", before), ("cases", after))
    }
    here = PromptModule("prompts/summarization/prompts_v2.py", "", ast.parse(""))
    return [(own.rule, own.document) for own in regression_findings(here, "v1", answer, tolerance)]


@pytest.mark.parametrize(
    ("after", "tolerance", "found"),
    [
        ([("a", "1", 0.7), ("b", "2", 0.8)], 0.1, []),
        ([("a", "1", 0.69), ("b", "2", 0.9)], 0.1, [("regression", "a")]),
        ([("a", "1", 0.6), ("a", "1", 0.8), ("b", "2", 0.8)], 0.1, []),
        ([("a", "1", 0.0), ("b", "2", 0.0)], 1.0, []),
        ([("a", "1", 0.5), ("b", "2", 0.5)], 0.1, [("regression", "a"), ("regression", "b"), ("regression", "")]),
        ([("a", "1", 0.8), ("c", "2", 0.8)], 0.0, []),
        ([("a", "1", 0.8), ("renamed", "2", None)], 1.0, [("regression", "b")]),
        ([("a", "1", 0.8), ("b", "3", 0.8)], 1.0, [("case-missing", "b")]),
        ([], 1.0, [("case-missing", "a"), ("case-missing", "b")]),
    ],
)
def test_scores_are_compared_by_document(after, tolerance, found):
    """A document is told by its hash; the mean over its repetitions may be lower by the tolerance and no more."""
    assert compared([("a", "1", 0.8), ("b", "2", 0.8)], after, tolerance) == found


def test_documents_without_assertions_are_not_compared():
    """Where neither has a score there is nothing to say."""
    assert compared([("a", "1", None)], [("a", "1", None)], 0.0) == []
    assert compared([("a", "1", None)], [("a", "1", 0.0)], 0.0) == []
