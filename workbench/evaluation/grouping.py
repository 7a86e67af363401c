"""Cases as experiments: those with equal inputs are one, so that the engine shares what it can."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.assertions.nouns import Assertion
from workbench.assertions.templating import names_in
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.engine.jobs import Cell as RunKey
from workbench.evaluation.cells import CellKey
from workbench.evaluation.matrix import Matrix, label_of
from workbench.graphs.inputs import InputSpec, typed_inputs
from workbench.records import Document, Experiment


@dataclass
class Group:
    """Cases with equal inputs, with one model."""

    base: Experiment
    """Without documents."""
    documents: dict[str, Document] = field(default_factory=dict)
    """By their SHA-256."""
    cells: dict[RunKey, list[CellKey]] = field(default_factory=dict)
    """The run -> the cells it answers: cases of one document share it."""

    @property
    def experiment(self) -> Experiment:
        """What the engine runs."""
        return replace(self.base, documents=tuple(self.documents.values()))


def groups_of(matrix: Matrix, specs: Sequence[Collection[InputSpec]]) -> list[Group]:
    """The experiments that answer all cases whose documents could be read, in the order of the cases.

    Args:
        matrix: What is evaluated.
        specs: The dataflow's inputs, for each of the matrix's bases.

    Raises:
        InputError: A value does not fit its input.
    """
    groups: dict[tuple[int, str], Group] = {}
    several = len(matrix.bases) > 1
    for at, (base, own) in enumerate(zip(matrix.bases, specs, strict=True)):
        for position, case in enumerate(matrix.dataset.cases):
            if case.document in matrix.unread:
                continue
            inputs = {**base.inputs, **case_inputs(case, own)}
            key = at, json.dumps(inputs, sort_keys=True, default=repr)
            group = groups.setdefault(key, Group(replace(base, inputs=inputs)))
            document = matrix.documents[case.document]
            group.documents.setdefault(document.sha256, document)
            for variant in base.variants:
                label = label_of(variant.label, base, several=several)
                for repetition in range(base.repetitions):
                    run = variant.label, document.sha256, repetition
                    group.cells.setdefault(run, []).append((position, label, repetition))
    return list(groups.values())


def case_inputs(case: Case, specs: Collection[InputSpec]) -> dict[str, Any]:
    """What the case sets of the dataflow's inputs, each of its type.

    Raises:
        InputError: A value does not fit its input.
    """
    known = {spec.name for spec in specs}
    given: Mapping[str, Any] = {name: value for name, value in case.inputs.items() if name in known}
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    return {**given, **typed_inputs(specs, texts)}


def idle_inputs(dataset: Dataset, specs: Collection[InputSpec]) -> list[DatasetError]:
    """Each name that a case sets though the dataflow doesn't take it and none of the case's assertions uses it, once.

    In our own form that is a mistake; in promptfoo's tests it may be a variable of prompts that are elsewhere.
    """
    known = {spec.name for spec in specs}
    found: dict[str, DatasetError] = {}
    for case in dataset.cases:
        for name in case.inputs.keys() - known - _names(case.assertions):
            reason = f"{name[:80]!r} is set, but the dataflow doesn't take it, and no assertion uses it"
            hint = f"The dataflow takes {', '.join(sorted(known)) or 'no inputs'}."
            found.setdefault(name, DatasetError(dataset.path.name, case.line, reason, hint))
    return list(found.values())


def _names(assertions: Sequence[Assertion]) -> set[str]:
    return {name for own in assertions for name in names_in(own.value) | _names(own.members)}
