"""The nouns of the matrix: columns, and the cells in which a case meets one."""

from dataclasses import dataclass

from workbench.assertions.nouns import Verdict
from workbench.records import ModelChoice, Run, Status, Variant

CellKey = tuple[int, str, int]
"""(position of the case in its dataset, label of the column, repetition from 0)."""


@dataclass(frozen=True)
class Column:
    """A variant with the model that answers."""

    label: str
    """The variant's, and the model's where there are several: "v3 @ gpt-4.1-mini"."""
    variant: Variant
    model: ModelChoice


@dataclass(frozen=True)
class Judgements:
    """What the judge and the embedding model were asked for one cell."""

    made: int = 0
    """Calls that were paid for."""
    reused: int = 0
    """Calls whose answer was there before."""
    cost_usd: float | None = 0.0
    """Of those paid for; None when the price is unknown."""

    def plus(self, other: "Judgements") -> "Judgements":
        """Both together."""
        costs = (self.cost_usd, other.cost_usd)
        cost = None if None in costs else sum(own for own in costs if own is not None)
        return Judgements(self.made + other.made, self.reused + other.reused, cost)


@dataclass(frozen=True)
class Cell:
    """One case answered by one column, once, and what its assertions say."""

    key: CellKey
    status: Status = "waiting"
    """"done" once it is judged; "failed": there is no answer to judge; "stopped": it was not finished."""
    run: Run | None = None
    """None until its run has ended. Cases of one document and equal inputs share a run."""
    verdict: Verdict | None = None
    judgements: Judgements = Judgements()
    fault: str = ""
    """Why it failed or was stopped, as a sentence."""

    @property
    def ended(self) -> bool:
        """Whether it will not change any more in this evaluation."""
        return self.status in ("done", "failed", "stopped")

    @property
    def passed(self) -> bool | None:
        """None when nothing can be said: it isn't over, or was stopped. A run that failed has not passed."""
        if self.verdict:
            return self.verdict.passed
        return False if self.status == "failed" else None

    @property
    def score(self) -> float | None:
        """From 0 to 1; 0 when the run failed, None when nothing can be said."""
        if self.verdict:
            return self.verdict.score
        return 0.0 if self.status == "failed" else None
