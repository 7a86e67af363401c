"""What the assertions of cases ask of models: how often, with which texts, and whether somebody is there to answer."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from workbench.assertions.nouns import Assertion
from workbench.assertions.templating import UnfilledError, fill
from workbench.assertions.values import expected_texts
from workbench.assertions.vocabulary import COMPARED, EMBEDDED, JUDGED
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.records import ModelChoice


def assertions_of(case: Case) -> Iterator[Assertion]:
    """The case's assertions, those inside of sets in the place of the sets."""
    return _flat(case.assertions)


def rubrics_of(case: Case) -> int:
    """How often a judge is asked about one answer."""
    return sum(own.type in JUDGED and own.type != COMPARED for own in assertions_of(case))


def comparisons_of(case: Case) -> int:
    """How often a judge is asked about the answers of all variants together."""
    return sum(own.type == COMPARED for own in assertions_of(case))


def is_embedded(case: Case) -> bool:
    """Whether vectors are needed."""
    return any(own.type in EMBEDDED for own in assertions_of(case))


def expected_of(case: Case) -> set[str]:
    """The texts that answers have to be similar to; those that lack a variable are never embedded, and left out."""
    texts: set[str] = set()
    for own in assertions_of(case):
        if own.type in EMBEDDED:
            with suppress(UnfilledError, ValueError):
                texts |= set(expected_texts(fill(own.value, case.inputs)))
    return texts


def refuse_unanswerable(
    dataset: Dataset, columns: int, judge: ModelChoice | None, embedding: ModelChoice | None
) -> None:
    """Nothing, if there is somebody to answer each assertion.

    Args:
        dataset: Whose cases.
        columns: Variants times models.
        judge: Answers llm-rubric and select-best.
        embedding: Answers similar.

    Raises:
        DatasetError: A case needs a model that isn't named, or more variants; with its line.
    """
    for case in dataset.cases:
        for own in assertions_of(case):
            reason, hint = _lack(own, columns, judge, embedding)
            if reason:
                said = f"the case {case.name[:80]!r} has {own.name}, and {reason}"
                raise DatasetError(dataset.path.name, case.line, said, hint)


def _lack(own: Assertion, columns: int, judge: ModelChoice | None, embedding: ModelChoice | None) -> tuple[str, str]:
    if own.type in JUDGED and judge is None:
        return "no judge model is named", "Name a judge (--judge), another model at best."
    if own.type in EMBEDDED and embedding is None:
        return "no embedding model is named", "Name an embedding model of your endpoint (--embedding)."
    if own.type == COMPARED and columns < 2:
        return "there is one variant to choose from", "Add a variant or a model."
    return "", ""


def _flat(assertions: Sequence[Assertion]) -> Iterator[Assertion]:
    for own in assertions:
        yield from _flat(own.members) if own.members else (own,)
