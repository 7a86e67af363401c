"""The joint test of a grid of two prompts: single wins that lose together are named."""

import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from tests.evaluation_lab import case, matrix_of
from workbench.assertions.nouns import Verdict
from workbench.engine.grid import grid_variants
from workbench.evaluation.cells import Cell
from workbench.evaluation.joint import joint_of, joint_sentences
from workbench.evaluation.outcome import outcome_of
from workbench.evaluation.text_report import text_report
from workbench.records import Variant

GRID = {CHUNK_PROMPT: ["v2", "v3"], LAST_PROMPT: ["v2", "v3"]}


@pytest.fixture
def grid(make_lab):
    """A matrix of twelve documents with all combinations of v2 and v3 of both prompts."""
    known = {label: Variant(label, label) for label in ("v2", "v3")}
    cases = [case(f"case {number}", "why", document=f"topic {number}") for number in range(12)]
    return matrix_of(make_lab(), cases, *grid_variants(GRID, known), baseline="v2 × v2")


def judged(matrix, scores):
    """Cells of a column with this score, a little apart from document to document."""
    return [
        Cell(key, "done", verdict=Verdict(True, min(1.0, scores[key[1]] + 0.01 * (key[0] % 3)), ()))
        for key in matrix.cell_keys()
    ]


def test_two_wins_that_lose_together_are_caught_and_said(grid):
    """Each new version alone is better than both baselines, both together are worse."""
    cells = judged(grid, {"v2 × v2": 0.5, "v3 × v2": 0.7, "v2 × v3": 0.7, "v3 × v3": 0.2})

    outcome = outcome_of(grid, cells, "never", 1.0)

    (sentence,) = outcome.joint
    assert "each alone wins, but together they lose" in sentence
    assert sentence in text_report(outcome)


def test_changes_that_add_up_are_not_said_to_interact(grid):
    """What both give together is the sum of what each gives."""
    cells = judged(grid, {"v2 × v2": 0.2, "v3 × v2": 0.4, "v2 × v3": 0.5, "v3 × v3": 0.7})

    test = joint_of(grid, outcome_of(grid, cells, "never", 1.0).rows)

    assert [own.together.word for own in test.joints] == ["better"]
    assert [own.interaction.word for own in test.joints] == ["not enough evidence"]


def test_what_is_no_grid_of_two_has_no_joint_test(make_lab):
    """Plain variants are held against the baseline only."""
    matrix = matrix_of(make_lab(), [case("a", "why")], Variant("v2", "v2"), Variant("v3", "v3"), baseline="v2")

    assert joint_sentences(joint_of(matrix, [])) == ()
