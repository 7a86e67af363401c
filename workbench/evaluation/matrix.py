"""What an evaluation is about: cases, columns and repetitions, settled before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.datasets.documents import Unread
from workbench.datasets.nouns import Dataset
from workbench.errors import UsageError
from workbench.evaluation.cells import CellKey, Column
from workbench.records import Document, Experiment

MOST_CELLS = 100_000


@dataclass(frozen=True)
class Matrix:
    """Cases x variants x models x repetitions."""

    dataset: Dataset
    bases: tuple[Experiment, ...]
    """One for each model, with the same variants; inputs are those that cases don't set, documents are ignored."""
    documents: Mapping[str, Document]
    """What a case calls its document -> its text; "" has what cases without one get."""
    unread: Mapping[str, Unread] = field(default_factory=dict)
    """The same, for those that gave no text."""
    baseline: str = ""
    """Label of the column that the others are held against; empty: none."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: The baseline is no column, or there are more cells than 100,000.
        """
        labels = [column.label for column in self.columns]
        if self.baseline and self.baseline not in labels:
            raise UsageError(f"The baseline {self.baseline!r} is no variant here.", f"Use one of: {', '.join(labels)}.")
        count = len(self.dataset.cases) * len(labels) * self.repetitions
        if count > MOST_CELLS:
            message = f"The matrix has {count:,} cells; {MOST_CELLS:,} are the most."
            raise UsageError(message, "Take fewer variants, repetitions or cases.")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every variant with every model, model by model."""
        several = len(self.bases) > 1
        return tuple(
            Column(label_of(variant.label, base, several=several), variant, base.model)
            for base in self.bases
            for variant in base.variants
        )

    @property
    def repetitions(self) -> int:
        """How often each case runs with each column."""
        return self.bases[0].repetitions

    def cell_keys(self) -> list[CellKey]:
        """Every cell, case by case."""
        labels = [column.label for column in self.columns]
        return [
            (position, label, repetition)
            for position in range(len(self.dataset.cases))
            for label in labels
            for repetition in range(self.repetitions)
        ]


def label_of(variant: str, base: Experiment, *, several: bool) -> str:
    """The label of a column."""
    return f"{variant} @ {base.model.name}" if several else variant
