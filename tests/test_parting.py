import pytest

from workbench.comparison.parting import first_difference, pages_read, parting_line
from workbench.comparison.steps import Step
from workbench.records import Run


def run_of(**prompts):
    return Run("any", "d", "done", prompts=prompts)


def notes(*pairs):
    return [Step("notes", index, len(pairs), *pair) for index, pair in enumerate(pairs)]


def line(steps, chunks=3, left=None, right=None):
    return parting_line(("v1", "v2"), (left or run_of(), right or run_of()), steps, chunks)


def answer(left, right):
    return Step("answer", None, 1, left, right)


SAME, DIFFERS, MISSING = ("a", "a"), ("a", "b"), ("a", None)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([*notes(SAME, DIFFERS, DIFFERS), answer(*DIFFERS)], "v2 parts from v1 at chunk 2 of notes"),
        ([*notes(SAME, DIFFERS), answer(*DIFFERS)], "v2 parts from v1 at item 2 of notes"),
        ([*notes(SAME, SAME, SAME), answer(*DIFFERS)], "v2 parts from v1 at answer"),
        (notes(MISSING, SAME, DIFFERS), "v2 parts from v1 at chunk 3 of notes, with 1 step before it not reached"),
        ([*notes(SAME, SAME, SAME), answer(*SAME)], "v1 and v2 are identical in all 4 steps"),
        ([answer(*SAME)], "v1 and v2 are identical in the one step there is"),
        (
            [*notes(SAME, SAME, MISSING), answer(*MISSING)],
            "v1 and v2 are identical in the 2 steps that both came to, with 2 steps not reached",
        ),
        ([answer(*MISSING)], "No step was reached by both v1 and v2"),
    ],
)
def test_one_line_says_where_two_runs_part(steps, said):
    """The first step that differs is named by its chunk, item or node; steps not reached are never called identical."""
    assert line(steps) == said


def test_runs_whose_prompts_alone_differ_are_told_apart():
    """Two prompts that were answered alike are not called the same."""
    said = line([answer(*SAME)], left=run_of(a_prompt="x"), right=run_of(a_prompt="y"))

    assert said == "v1 and v2 differ in their prompts only: they are identical in the one step there is"


def test_the_first_difference_is_the_first_in_the_chain():
    """A step that one run has not reached is passed over; without a difference there is none."""
    steps = notes(SAME, MISSING, DIFFERS, DIFFERS)

    assert first_difference(steps) is steps[2]
    assert first_difference(steps[:2]) is None


def test_a_page_and_several_pages_are_told_apart():
    """One page is "page 3", more are named from the first to the last."""
    assert [pages_read(pages) for pages in ((3, 3), (2, 3))] == ["page 3", "pages 2 to 3"]
