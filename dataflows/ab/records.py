"""What an A/B test is: arms of prompts with weights, a state, and who changed what when and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["draft", "running", "stopped", "killed"]
Way = Literal["module", "config", "store"]


class ABTestError(ValueError):
    """Something about an A/B test is refused; a plain sentence says what."""


class UnknownABTestError(ABTestError):
    """There is no test of this name."""


class ABTestChangedError(ABTestError):
    """Somebody else changed the test meanwhile."""


@dataclass(frozen=True)
class ArmPrompts:
    """A whole set of a dataflow's prompts, by the way a service gets it."""

    way: Way
    version: str
    """"v3"; of a store also a label, until the test starts."""
    file: str = ""
    """Of the way "config": the module with the variants, relative to the project."""


@dataclass(frozen=True)
class Arm:
    """One of the sets of prompts between which traffic is split."""

    name: str
    weight: float
    """Its share is its weight by the sum of all; 0 gets nobody."""
    prompts: ArmPrompts
    passed_sha256: str = ""
    """Of what passed the gate (a module's bytes, a store's texts); empty before."""


@dataclass(frozen=True)
class StopRule:
    """When to stop looking, said before the test starts."""

    alpha: float = 0.05
    """How often a test in which no arm is better may end with a winner, however often it is looked at."""
    most_units: int = 2_000
    """Units with an outcome in each arm, after which "not decided" is the result."""


@dataclass(frozen=True)
class ABTest:
    """An A/B test as it was from one change to the next."""

    name: str
    dataflow: str
    arms: tuple[Arm, ...]
    """The first one is the control arm: who isn't split gets it."""
    outcome: str
    """Name of the outcome that decides."""
    rule: StopRule
    state: State
    number: int
    """From 1, one more with each change."""
    by: str
    why: str
    at: datetime
    """In UTC."""

    @property
    def control(self) -> Arm:
        """The arm to beat."""
        return self.arms[0]

    @property
    def weights(self) -> dict[str, float]:
        """Arm -> weight."""
        return {arm.name: arm.weight for arm in self.arms}

    def arm(self, name: str) -> Arm:
        """The arm of this name.

        Raises:
            ABTestError: There is none.
        """
        found = next((arm for arm in self.arms if arm.name == name), None)
        if found is None:
            names = ", ".join(arm.name for arm in self.arms)
            raise ABTestError(f"{self.name} has no arm {name[:80]!a}; there are {names}")
        return found


@dataclass(frozen=True)
class Assignment:
    """Which arm a unit gets now."""

    test: str
    unit: str
    """As in the database, see unit_hash."""
    arm: Arm | None
    """None where nothing was ever known of the test: the service uses what it would use without it."""
    is_split: bool
    """Whether the test runs, so that being answered with the arm is an exposure."""
