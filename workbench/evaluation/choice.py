"""What a person chose to evaluate, and that as a request: with its dataset open, and an experiment for each model."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from workbench.datasets.nouns import Dataset
from workbench.engine.grid import grid_variants
from workbench.errors import UsageError
from workbench.models.catalog import choice_named
from workbench.records import Budget, Document, Experiment, Variant, Version


@dataclass(frozen=True)
class Choice:
    """What a person chose to evaluate: plain values, so that a workspace can keep them as JSON."""

    dataset: str
    """Path of its file."""
    dataflow: str
    labels: tuple[str, ...] = ()
    """Of versions and drafts, in the order of their columns; without a grid."""
    drafts: Mapping[str, Variant] = field(default_factory=dict)
    """Those among the labels, or in the grid, that are drafts."""
    grid: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Prompt -> labels of the versions and drafts that are combined; empty: no grid."""
    models: tuple[str, ...] = ()
    baseline: str = ""
    """Label of a column; empty: none."""
    repetitions: int = 1
    judge: str = ""
    """Name of the model that answers llm-rubric and select-best."""
    embedding: str = ""
    """Name of the one that answers similar."""
    budget: Budget = field(default_factory=Budget)
    fresh: bool = False
    document: str = ""
    """SHA-256 of what cases that name no document are run on; empty: there are none."""
    document_name: str = ""

    @property
    def columns(self) -> int:
        """How many there are: every variant with every model."""
        variants = prod(len(own) for own in self.grid.values()) if self.grid else len(self.labels)
        return variants * len(self.models)


@dataclass(frozen=True)
class Request:
    """What shall be evaluated."""

    dataset: Dataset
    bases: tuple[Experiment, ...]
    """One for each model, with the same variants; documents are ignored."""
    baseline: str = ""
    judge: str = ""
    """Name of the model that answers llm-rubric and select-best."""
    embedding: str = ""
    """Name of the one that answers similar."""
    document: Document | None = None
    """What cases that name no document are run on."""


def request_of(
    choice: Choice, dataset: Dataset, document: Document | None, versions: Mapping[str, Version], at: float = 0.0
) -> Request:
    """A choice that was made on a page, as a request.

    Args:
        choice: Its texts are texts: none names a file.
        dataset: The one it names, opened.
        document: What cases that name none are run on.
        versions: Label -> version, as read now.
        at: Seconds since the epoch, of an evaluation that goes on; 0: it begins now.

    Raises:
        UsageError: A version or a model is not there any more, or there are too many combinations.
    """
    known = {**{label: Variant(label, label) for label in versions}, **choice.drafts}
    for label in choice.labels:
        if label not in known:
            raise UsageError(f"There is no version or draft {label!r} any more.", "Choose another one.")
    variants = grid_variants(choice.grid, known) if choice.grid else tuple(known[own] for own in choice.labels)
    begun = at or time.time()
    bases = tuple(
        Experiment(
            id=secrets.token_urlsafe(16),
            dataflow=choice.dataflow,
            model=choice_named(name),
            variants=variants,
            documents=(),
            inputs={},
            repetitions=choice.repetitions,
            budget=choice.budget,
            fresh=choice.fresh,
            started_at=begun,
        )
        for name in choice.models
    )
    return Request(dataset, bases, choice.baseline, choice.judge, choice.embedding, document)
