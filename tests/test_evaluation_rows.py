"""Rows of a matrix: sums, orders, filters and policies, on cells that a test makes up."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from tests.conftest import draft
from tests.evaluation_lab import case, matrix_of
from workbench.assertions.nouns import Assertion, Result, Verdict
from workbench.evaluation.cells import Cell
from workbench.evaluation.judged import unit_of, verdicts_against_baseline
from workbench.evaluation.junit_report import junit_xml
from workbench.evaluation.listing import ORDERS, filtered_rows, page_of, sorted_rows
from workbench.evaluation.outcome import outcome_of
from workbench.evaluation.rows import rows_of
from workbench.evaluation.sums import by_column, by_document, by_tag
from workbench.evaluation.text_report import markdown_report, text_report
from workbench.records import Answer, Call, CallRequest, Run, Variant

HOSTILE = "a | b\n\x1b[2J<img src=x> [click](http://x) \ud800"


def cell(key, score, *, said="it does not hold", cost: float | None = 0.5, seconds=2.0):
    """A cell of a run with one call; None as its score: it was stopped."""
    request = CallRequest("http://x", "m", (("user", "q"),))
    answer = Answer("out", 1, 1, seconds, None, cost_usd=cost)
    run = Run(key[1], "d", "done", key[2], "out", calls=(Call("n", 0, request, answer),), cost_usd=cost)
    if score is None:
        return Cell(key, "stopped", replace(run, status="stopped"), fault="It was stopped.")
    passed = score >= 1
    return Cell(key, "done", run, Verdict(passed, score, (Result(Assertion("is-json"), passed, score, said),)))


@pytest.fixture
def matrix_with(lab):
    """A matrix of v1 (the baseline), v2 and d with these scores: case -> column -> score or scores of repetitions."""

    def made(scores, baseline="v1", repetitions=1, tags=None, documents=None):
        cases = [
            case(name, "q", document=(documents or {}).get(name, name), tags=tuple((tags or {}).get(name, ())))
            for name in scores
        ]
        variants = (Variant("v1", "v1"), Variant("v2", "v2"), draft("d"))
        matrix = matrix_of(lab, cases, *variants, baseline=baseline, repetitions=repetitions)
        cells = []
        for position, own in enumerate(scores.values()):
            for label, given in zip(("v1", "v2", "d"), own, strict=True):
                several = given if isinstance(given, list) else [given]
                cells += [cell((position, label, at), score) for at, score in enumerate(several)]
        return matrix, cells

    return made


def names(rows):
    return [row.case.name for row in rows]


def test_what_regressed_most_comes_first(matrix_with):
    """Cases that two columns lose, then one that a column loses, then by how far the score fell, then as they are."""
    matrix, cells = matrix_with(
        {"same": (1, 1, 1), "fell": (0.9, 0.5, 0.9), "one": (1, 0.8, 1), "rose": (0, 1, 1), "two": (1, 0.5, 0.9)}
    )

    rows = sorted_rows(rows_of(matrix, cells), "regressed most")

    assert names(rows) == ["two", "one", "fell", "same", "rose"]
    assert [row.regressed for row in rows] == [("v2", "d"), ("v2",), (), (), ()]
    assert [row.gained for row in rows][-1] == ("v2", "d")
    assert rows[2].drop == pytest.approx(0.4)
    assert names(sorted_rows(rows, "as in the dataset")) == ["same", "fell", "one", "rose", "two"]
    assert names(sorted_rows(rows, "name"))[0] == "fell"
    assert names(sorted_rows(rows, "lowest score"))[0] == "rose"


def test_rows_are_filtered_by_tags_text_and_outcome(matrix_with):
    """All tags have to be there; a text is found in names and documents; an outcome in any column."""
    matrix, cells = matrix_with(
        {"Ants": (1, 1, 1), "bees": (1, 0, 1), "cats": (0, 1, 0), "dogs": (1, None, 1)},
        tags={"Ants": ("a", "b"), "bees": ("a",)},
        documents={"dogs": "kennel.pdf"},
    )
    rows = rows_of(matrix, cells)

    assert names(filtered_rows(rows, tags=["a"])) == ["Ants", "bees"]
    assert names(filtered_rows(rows, tags=["a", "b"])) == ["Ants"]
    assert names(filtered_rows(rows, text="KENNEL")) == ["dogs"]
    assert names(filtered_rows(rows, only="failed")) == ["bees", "cats"]
    assert names(filtered_rows(rows, only="regressed")) == ["bees"]
    assert names(filtered_rows(rows, only="gained")) == ["cats"]
    assert names(filtered_rows(rows, only="open")) == ["dogs"]


def test_pages_never_run_out(matrix_with):
    """A page that isn't there becomes the nearest one, and no rows are one empty page."""
    rows = rows_of(*matrix_with({f"c{number}": (1, 1, 1) for number in range(7)}))

    assert [names(page_of(rows, number, 3)[0]) for number in (0, 2, 9, -1)] == [
        ["c0", "c1", "c2"],
        ["c6"],
        ["c6"],
        ["c0", "c1", "c2"],
    ]
    assert page_of(rows, 0, 3)[1] == 3
    assert page_of([], 4) == ([], 1)


def test_six_thousand_cells_are_sorted_and_summed_without_loss(matrix_with):
    """In every order and in every sum, all 2,000 cases of three columns are there once."""
    scores = {f"c{number}": (number % 2, number % 3 == 0, 1) for number in range(2_000)}
    matrix, cells = matrix_with(scores, tags=dict.fromkeys(list(scores)[::2], ("odd",)))
    rows = rows_of(matrix, cells)

    assert len(cells) == 6_000
    assert all(sorted(names(sorted_rows(rows, order))) == sorted(scores) for order in ORDERS)
    assert [by_column(rows)[label].passed for label in ("v1", "v2", "d")] == [1_000, 667, 2_000]
    assert by_tag(rows)["odd"]["v1"].over == 1_000


def test_a_case_counts_once_however_often_it_is_repeated(matrix_with):
    """It passes when every repetition does; mixed ones are told; what isn't known is neither passed nor failed."""
    matrix, cells = matrix_with({"sure": ([1, 1], [1, 1], [0, 0]), "mixed": ([1, 0], [1, 1], [1, None])}, repetitions=2)

    tallies = by_column(rows_of(matrix, cells))

    assert [(own.passed, own.failed, own.mixed) for own in tallies.values()] == [(1, 1, 1), (2, 0, 0), (0, 1, 0)]
    assert tallies["d"].rate == 0.0
    assert tallies["v1"].score == 0.75
    assert tallies["v1"].cost_usd == 2.0
    assert tallies["v1"].seconds == 2.0


def test_sums_are_made_for_each_document(matrix_with):
    """Two cases of one document are summed together."""
    matrix, cells = matrix_with({"a": (1, 1, 1), "b": (0, 1, 1), "c": (0, 0, 0)}, documents={"b": "a"})

    found = by_document(rows_of(matrix, cells))

    assert {name: own["v1"].passed for name, own in found.items()} == {"a": 1, "c": 0}
    assert found["a"]["v1"].cases == 2


def test_a_verdict_counts_a_document_once(matrix_with):
    """Twenty cases that all get better are a verdict on twenty documents, and none on two."""
    scores = {f"c{number:02}": (0, 1, 0) for number in range(20)}
    apart, cells = matrix_with(scores)
    together, _ = matrix_with(scores, documents={name: f"d{at % 2}" for at, name in enumerate(scores)})
    alone, _ = matrix_with(scores, documents=dict.fromkeys(scores, "d"))

    words = [
        [(own.subject, own.word, own.n) for own in verdicts_against_baseline(matrix, rows_of(matrix, cells))]
        for matrix in (apart, together, alone)
    ]

    assert words[0] == [("v2", "better", 20), ("d", "not enough evidence", 20)]
    assert [own[1:] for own in words[1]] == [("not enough evidence", 2)] * 2
    assert words[2] == words[0]
    assert [unit_of(own) for own in (apart, together, alone)] == ["document", "document", "case"]


@pytest.mark.parametrize(
    ("scores", "failing"),
    [
        ({"a": (1, 1, 1)}, set()),
        ({"a": (0, 0, 0)}, {"any-failure"}),
        ({"a": (0, 1, 1)}, set()),
        ({"a": (1, 0, 1)}, {"any-failure", "regression"}),
        ({"a": (1, None, 1)}, {"any-failure", "regression", "worse"}),
        ({f"c{at}": (1, 0, 1) for at in range(12)}, {"any-failure", "regression", "worse"}),
    ],
)
def test_each_policy_fails_for_its_own_reason(matrix_with, scores, failing):
    """What fails with the baseline only is nobody's fault; what wasn't finished fails all policies but "never"."""
    matrix, cells = matrix_with(scores)

    found = {policy for policy in ("any-failure", "regression", "worse", "never") if outcome(matrix, cells, policy)}

    assert found == failing


def outcome(matrix, cells, policy):
    return outcome_of(matrix, cells, policy, 1.0).failures


def test_reports_show_what_cases_say_and_obey_none_of_it(lab):
    """A hostile name and reason stand in the terminal's text, in Markdown and in XML without any of their marks."""
    matrix = matrix_of(lab, [case(HOSTILE, "q")])
    done = outcome_of(matrix, [cell((0, "v3", 0), 0.0, said=HOSTILE, cost=None)], "any-failure", 1.0)

    text, markdown, xml = text_report(done), markdown_report(done), junit_xml(done)

    assert "\x1b" not in text + markdown and "\ud800" not in text + markdown
    assert "<img" not in markdown.replace("\\<", "") and "](http" not in markdown
    assert "price unknown" in text
    (test,) = ElementTree.fromstring(xml).iter("testcase")
    assert test.find("failure") is not None
    assert "<img src=x>" in test.get("name", "")
