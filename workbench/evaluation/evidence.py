"""Evidence: what was found of one set of prompts against another, in a form that outlives the evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Word = Literal["better", "worse", "not enough evidence"]
"""As in workbench.statistics.verdict, which loads numpy; the gate reads evidence without it."""


@dataclass(frozen=True)
class Figures:
    """A verdict, and what it stands on."""

    word: Word
    n: int
    """Documents, or cases where all have one document; wins, losses and ties together."""
    wins: int
    losses: int
    ties: int
    interval: tuple[float, float] | None
    """At 95 %. Of an evaluation: of the difference. Of a review: of the share of decided documents that were won."""
    p: float
    """Corrected for the questions that were asked together with this one."""
    difference: float | None = None
    """Of the shares of runs that passed; None for a review."""
    needed: int | None = None
    """About how many more would decide it."""


@dataclass(frozen=True)
class Slice:
    """The documents of one tag."""

    tag: str
    figures: Figures


@dataclass(frozen=True)
class Evidence:
    """Of an evaluation or a blind review. It holds no document's text and nobody's name."""

    kind: Literal["evaluation", "review"]
    date: str
    """ISO 8601, in UTC."""
    prompts_sha256: str
    """Of the prompts that are judged, see workbench.evaluation.prompt_texts."""
    baseline: str
    """Label of what they are held against."""
    baseline_sha256: str
    """Of its prompts."""
    figures: Figures
    unit: Literal["document", "case"] = "document"
    dataset: str = ""
    dataset_sha256: str = ""
    """Of the content of the dataset."""
    cases: int = 0
    documents: int = 0
    model: str = ""
    passed: tuple[int, int] = (0, 0)
    """Cases of which every repetition passed, and cases whose outcome is known."""
    baseline_passed: tuple[int, int] = (0, 0)
    failed_runs: int = 0
    """Of both; they count as not passed."""
    slices: tuple[Slice, ...] = ()
    """Those that are worse first; at most 20."""
    joint: tuple[str, ...] = ()
    """What these prompts do together, where two of them were changed; see joint_sentences."""
    otherwise: int = 0
    """Earlier evaluations of the same on a dataset of this name with this model that came to another word."""
    people: int = 0
    """Whose votes count in a review."""

    @property
    def worse_slices(self) -> tuple[Slice, ...]:
        """Tags on which the prompts are worse."""
        return tuple(own for own in self.slices if own.figures.word == "worse")


def word_of_all(evidence: Sequence[Evidence]) -> Word:
    """The word that several pieces allow together: one that says worse is not outvoted."""
    words = {own.figures.word for own in evidence}
    return "worse" if "worse" in words else "better" if "better" in words else "not enough evidence"
