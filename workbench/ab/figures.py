"""What came of an A/B test so far: units and outcomes of each arm, in the order in which they came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Subquery, func, select

from dataflows.ab import ABTest, ABTests
from dataflows.ab.tables import EXPOSURE, OUTCOME

MOST_VOTES = 200_000
"""Of one test; later ones are not read."""


@dataclass(frozen=True)
class Vote:
    """The outcome of a unit."""

    arm: str
    """The arm that the unit saw first."""
    value: float
    """0 to 1."""
    at: float
    """Seconds since 1970-01-01 UTC."""


@dataclass(frozen=True)
class ArmCount:
    """Of one arm."""

    units: int = 0
    """With the outcome."""
    total: float = 0.0
    """Sum of their values."""

    @property
    def rate(self) -> float | None:
        """Mean of the values."""
        return self.total / self.units if self.units else None


@dataclass(frozen=True)
class ABFigures:
    """What came of a test."""

    exposed: dict[str, int]
    """Arm -> units that saw it first."""
    votes: Sequence[Vote]
    """In the order in which the database got them, at most 200,000."""

    @cached_property
    def counts(self) -> dict[str, ArmCount]:
        """Arm -> its votes added up; arms without votes are left out."""
        found: dict[str, ArmCount] = {}
        for vote in self.votes:
            before = found.get(vote.arm, ArmCount())
            found[vote.arm] = ArmCount(before.units + 1, before.total + vote.value)
        return found

    def count(self, arm: str) -> ArmCount:
        """The votes of an arm added up."""
        return self.counts.get(arm, ArmCount())


def read_figures(tests: ABTests, test: ABTest) -> ABFigures:
    """The figures of a test's own outcome.

    A unit counts for the arm it saw first, also when weights have moved it since: to leave it out, or to count it for
    another arm, would favour arms to which people come back. Outcomes of units that saw no arm aren't counted.

    Raises:
        ABTestsUnavailableError: The database can't be asked.
    """
    with tests.database.reading() as connection:
        return ABFigures(_exposed(connection, test.name), _votes(connection, test))


def _first_arms(test: str) -> Subquery:
    """Unit -> the arm it saw first."""
    turn = func.row_number().over(partition_by=EXPOSURE.c.unit, order_by=(EXPOSURE.c.at, EXPOSURE.c.id)).label("turn")
    ranked = select(EXPOSURE.c.unit, EXPOSURE.c.arm, turn).where(EXPOSURE.c.test == test).subquery()
    return select(ranked.c.unit, ranked.c.arm).where(ranked.c.turn == 1).subquery()


def _exposed(connection: Connection, test: str) -> dict[str, int]:
    first = _first_arms(test)
    counted = select(first.c.arm, func.count()).group_by(first.c.arm)
    return {str(arm): int(units) for arm, units in connection.execute(counted)}


def _votes(connection: Connection, test: ABTest) -> tuple[Vote, ...]:
    first = _first_arms(test.name)
    query = (
        select(first.c.arm, OUTCOME.c.value, OUTCOME.c.at)
        .join(first, first.c.unit == OUTCOME.c.unit)
        .where(OUTCOME.c.test == test.name, OUTCOME.c.name == test.outcome)
        .order_by(OUTCOME.c.id)  # what was seen once stays as it was: a later row never comes before it
        .limit(MOST_VOTES)
    )
    return tuple(Vote(str(arm), float(value), float(at)) for arm, value, at in connection.execute(query))
