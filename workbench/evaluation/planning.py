"""What an evaluation will cost, before it runs: over all its experiments, each call counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.datasets.nouns import Case
from workbench.engine.call_sizes import cost_of, sizes_of
from workbench.engine.call_store import CallStore
from workbench.engine.plan import plan_of
from workbench.errors import WorkbenchError
from workbench.evaluation.grouping import Group
from workbench.evaluation.needs import comparisons_of, expected_of, is_embedded, rubrics_of
from workbench.records import CallRequest, ModelChoice, Version


@dataclass(frozen=True)
class EvaluationPlan:
    """What the evaluation needs."""

    runs: int
    to_make: int
    """Calls of the variants that will be paid for."""
    reused: int
    """Calls of the variants whose answer is kept, or that another run makes."""
    judgements: int
    """Calls of the judge at most: answers that are alike, and kept ones, need fewer."""
    embeddings: int
    """Calls of the embedding model at most: texts that are alike, and kept ones, need fewer."""
    input_tokens: int
    """Sent by the variants' calls to make."""
    cost_low: float | None
    """US dollars of the variants' calls, without the judge's; None when a price is unknown."""
    cost_high: float | None
    complete: bool
    """Whether all calls of the variants are counted."""
    refused: Mapping[str, WorkbenchError]
    """Variant label -> why it can't run."""


def plan_evaluation(
    groups: Sequence[Group], cases: Sequence[Case], versions: Mapping[str, Version], store: CallStore
) -> EvaluationPlan:
    """Count the calls of all groups; a call that several need is counted once.

    Args:
        groups: Of groups_of.
        cases: Of the dataset.
        versions: Label -> version.
        store: Of the answers that are kept.

    Raises:
        InputError, DataflowError: An experiment as a whole can't run.
    """
    new: dict[ModelChoice, dict[str, CallRequest]] = {}
    refused: dict[str, WorkbenchError] = {}
    asked, complete = 0, True
    for group in groups:
        plan = plan_of(group.experiment, versions, store)
        refused |= plan.refused
        complete = complete and plan.complete
        own = new.setdefault(group.experiment.model, {})
        for cell in plan.cells.values():
            asked += cell.to_make + cell.reused
            own.update((call.request.key(), call.request) for call in cell.calls if call.new)
    figures = [_figures(model, requests) for model, requests in new.items()]
    to_make = sum(map(len, new.values()))
    return EvaluationPlan(
        runs=sum(len(group.cells) for group in groups),
        to_make=to_make,
        reused=asked - to_make,
        judgements=_judgements(groups, cases),
        embeddings=_embeddings(groups, cases),
        input_tokens=sum(tokens for tokens, _, _ in figures),
        cost_low=_sum([low for _, low, _ in figures]),
        cost_high=_sum([high for _, _, high in figures]),
        complete=complete,
        refused=refused,
    )


def _judgements(groups: Sequence[Group], cases: Sequence[Case]) -> int:
    """Each answer by each rubric, and all answers to a case together by what compares them."""
    keys = [key for group in groups for own in group.cells.values() for key in own]
    together = {(position, repetition) for position, _, repetition in keys}
    rubrics = sum(rubrics_of(cases[position]) for position, _, _ in keys)
    return rubrics + sum(comparisons_of(cases[position]) for position, _ in together)


def _embeddings(groups: Sequence[Group], cases: Sequence[Case]) -> int:
    """Each expected text, and the answer of each run that is held against one."""
    runs = [own for group in groups for own in group.cells.values()]
    held = sum(any(is_embedded(cases[position]) for position, _, _ in own) for own in runs)
    used = {position for own in runs for position, _, _ in own}
    return held + len({text for position in used for text in expected_of(cases[position])})


def _figures(model: ModelChoice, requests: Mapping[str, CallRequest]) -> tuple[int, float | None, float | None]:
    sizes = sizes_of(requests)
    asked = requests.values()
    low = cost_of(model, asked, [size.least for size in sizes])
    high = cost_of(model, asked, [size.most for size in sizes])
    return sum(size.likely for size in sizes), low, high


def _sum(costs: Sequence[float | None]) -> float | None:
    return None if None in costs else sum((cost for cost in costs if cost is not None), 0.0)
