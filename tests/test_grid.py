import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, document_of
from workbench.engine.grid import grid_variants
from workbench.errors import UsageError
from workbench.records import Variant

KNOWN = {
    "v1": Variant("v1", "v1"),
    "v2": Variant("v2", "v2"),
    "v3": Variant("v3", "v3"),
    "mine": Variant("mine", "v2", {CHUNK_PROMPT: "Mine: {chunk}", LAST_PROMPT: "End: {results}"}),
}


def outputs(experiment):
    return {run.variant: (run.output, dict(run.prompts)) for run in experiment.runs}


def test_a_grid_has_every_combination_once():
    """Three versions of one prompt and two of the other are six variants, the last prompt varying fastest."""
    variants = grid_variants({CHUNK_PROMPT: ["v1", "v2", "v1", "mine"], LAST_PROMPT: ["v3", "v1"]}, KNOWN)

    assert [own.label for own in variants] == ["v1 × v3", "v1 × v1", "v2 × v3", "v2 × v1", "mine × v3", "mine × v1"]


def test_a_combination_of_one_version_is_that_version(lab):
    """v2 for both prompts asks what v2 asks, and answers what it answers."""
    (both,) = grid_variants({CHUNK_PROMPT: ["v2"], LAST_PROMPT: ["v2"]}, KNOWN)

    runs = outputs(lab.run(both, Variant("v2", "v2"), documents=[document_of(3)]))

    assert runs["v2 × v2"] == runs["v2"]
    assert dict(both.prompts_from) == {} and dict(both.templates) == {}


def test_a_combination_takes_each_prompt_from_its_own_version(lab):
    """The chunk prompt is v1's and the last one v3's, as those versions render them, parameters included."""
    variants = grid_variants({CHUNK_PROMPT: ["v1", "mine"], LAST_PROMPT: ["v3", "mine"]}, KNOWN)

    runs = outputs(lab.run(*variants, Variant("v1", "v1"), Variant("v3", "v3"), documents=[document_of(2)]))

    mixed = runs["v1 × v3"][1]
    assert mixed[CHUNK_PROMPT] == runs["v1"][1][CHUNK_PROMPT]
    assert mixed[LAST_PROMPT] == runs["v3"][1][LAST_PROMPT]
    assert runs["mine × v3"][1] == {CHUNK_PROMPT: "Mine: {chunk}", LAST_PROMPT: mixed[LAST_PROMPT]}
    assert runs["v1 × mine"][1] == {CHUNK_PROMPT: mixed[CHUNK_PROMPT], LAST_PROMPT: "End: {results}"}


def test_a_grid_pays_for_each_chunk_prompt_once(lab):
    """M versions of the chunk prompt and R of the last on N chunks are M·N + M·R calls; one more R costs M."""
    rows = {CHUNK_PROMPT: ["v1", "v2", "mine"], LAST_PROMPT: ["v1", "v3"]}
    more = {**rows, LAST_PROMPT: ["v1", "v3", "mine"]}

    first = lab.calls_of(*grid_variants(rows, KNOWN), documents=[document_of(5)])
    second = lab.calls_of(*grid_variants(more, KNOWN), documents=[document_of(5)])

    assert (first, second) == (3 * 5 + 3 * 2, 3)


def test_a_prompt_computed_by_code_can_be_borrowed(lab):
    """A prompt that is not a plain text comes out as its own module computes it."""
    label = lab.add_version(
        9,
        f"""
def {CHUNK_PROMPT}(style: str = "short") -> str:
    return "\\n".join(["Be " + style, "{{chunk}}"])

def {LAST_PROMPT}() -> str:
    return "All: {{results}}"
""",
    )
    (mixed,) = grid_variants({CHUNK_PROMPT: [label], LAST_PROMPT: ["v1"]}, {**KNOWN, label: Variant(label, label)})
    (borrowed,) = grid_variants({LAST_PROMPT: ["v1"], CHUNK_PROMPT: [label]}, {**KNOWN, label: Variant(label, label)})

    runs = outputs(lab.run(mixed, borrowed, documents=[document_of(2)]))

    assert runs[mixed.label] == runs[borrowed.label]
    assert runs[mixed.label][1][CHUNK_PROMPT] == "Be short\n{chunk}"


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ({CHUNK_PROMPT: ["v8"]}, "v8"),
        ({CHUNK_PROMPT: [f"d{n}" for n in range(11)], LAST_PROMPT: [f"d{n}" for n in range(11)]}, "121"),
    ],
)
def test_an_impossible_grid_is_refused_with_its_value(rows, named):
    """An unknown label and a grid of 121 combinations are named."""
    known = KNOWN | {f"d{number}": Variant(f"d{number}", "v1") for number in range(11)}

    with pytest.raises(UsageError, match=named):
        grid_variants(rows, known)
