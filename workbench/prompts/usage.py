"""What a function does with a text it is given, as far as its source tells."""

from dataclasses import dataclass, field
from typing import Literal

Filling = Literal["format", "plain", "percent"]
"""How a prompt becomes what the model gets: by str.format and its like, where {{ is a brace; taken as it stands,
where braces are braces; by the % operator."""

Value = frozenset[tuple[str, bool]]
"""Which parameters are in a value, or in the values it holds, and whether each is there as it came (True) or was filled
or glued before (False)."""

NOTHING: Value = frozenset()


@dataclass
class Use:
    """What is done with one parameter; all of it may be less than what is true, never more."""

    fillings: set[Filling] = field(default_factory=set)
    slots: dict[str, str] = field(default_factory=dict)
    """Slot -> name of what is filled into it; empty when that has no name."""
    glued: dict[str, None] = field(default_factory=dict)
    """Names of what stands before or after it in one text."""
    is_template: bool = False
    """Something is filled into it, or meant to be."""
    leads: bool = False
    """It stands first in a text, and other values after it."""
    asked: bool = False
    """It reaches the text of a model call."""
    asked_alone: bool = False
    """It is a message, or all that a model call is given, as it came."""
    is_system: bool = False
    """It is a message with the role of system or developer."""
    returned: set[bool] = field(default_factory=set)
    """It is in what the function gives: as it came (True), or filled or glued (False)."""

    def add(self, other: "Use", *, whole: bool) -> None:
        """What another function does with it; what it gives back is left out.

        Args:
            other: That function's use of the parameter it goes to.
            whole: Whether it gets there as it came.
        """
        self.glued |= other.glued
        self.asked |= other.asked
        self.fillings |= other.fillings if whole else other.fillings & {"format"}
        if whole or "format" in other.fillings:
            self.slots = {**other.slots, **self.slots}
        if whole:
            self.is_template |= other.is_template
            self.leads |= other.leads
            self.asked_alone |= other.asked_alone
            self.is_system |= other.is_system

    @property
    def filling(self) -> Filling | None:
        """The one that decides how its braces are read; None when nothing tells."""
        kinds: tuple[Filling, ...] = ("format", "percent", "plain")
        return next((kind for kind in kinds if kind in self.fillings), None)


def filled(value: Value) -> Value:
    """The value after something was done to it."""
    return frozenset((name, False) for name, _ in value)
