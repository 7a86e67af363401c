"""Sums while they are added up."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from workbench.history.monitoring_records import Sums
from workbench.history.rollups import FAILED, Spread


@dataclass
class Tally:
    """Sums being added up."""

    calls: int = 0
    errors: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    buckets: Counter[int] = field(default_factory=Counter)
    first: int = 2**62
    """Unit of a frame."""
    last: int = -1

    def add(self, row: Any) -> None:
        """Add a group of rows.

        Args:
            row: With calls, input_tokens, output_tokens, cost_usd and their bucket.
        """
        count = int(row.calls)  # PostgreSQL gives sums of whole numbers as decimals
        self.calls += count
        self.errors += count if row.bucket == FAILED else 0
        self.input_tokens += int(row.input_tokens)
        self.output_tokens += int(row.output_tokens)
        self.cost_usd += row.cost_usd
        self.buckets[row.bucket] += count

    def sums(self, runs: int = 0) -> Sums:
        """What was added so far."""
        spread = Spread(self.buckets)
        tokens = (self.input_tokens, self.output_tokens)
        return Sums(
            self.calls, self.errors, *tokens, self.cost_usd, spread.percentile(0.5), spread.percentile(0.95), runs
        )
