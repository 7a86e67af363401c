"""What readers of other template languages find, and the template it makes in our grammar."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dataflows.templates import escape, wrong_name
from workbench.importing.failures import shown

_MAX_FAULTS = 20


@dataclass(frozen=True)
class Name:
    """A place where a value goes in."""

    name: str
    line: int


@dataclass(frozen=True)
class Fault:
    """Something that our grammar can't say."""

    line: int
    """From 1."""
    reason: str


@dataclass(frozen=True)
class Reading:
    """A text of another template language, read."""

    template: str
    """In our grammar; empty when there are faults."""
    faults: tuple[Fault, ...] = ()
    """The first 20 of them."""
    notes: tuple[str, ...] = ()

    def moved(self, lines: int) -> "Reading":
        """The same, of a text that begins so many lines further down in its file."""
        return replace(self, faults=tuple(replace(fault, line=fault.line + lines) for fault in self.faults))

    def within(self, line: int) -> "Reading":
        """The same, of a text that stands on one line of its file."""
        return replace(self, faults=tuple(replace(fault, line=line) for fault in self.faults))


def reading_of(pieces: Iterable[str | Name | Fault], notes: tuple[str, ...] = ()) -> Reading:
    """The template that the pieces make: texts escaped, names as slots.

    Args:
        pieces: In order; no more of them are asked for than it takes for 20 faults.
        notes: Kept only when there is no fault.
    """
    texts = []
    faults = []
    for piece in pieces:
        found = _checked(piece) if isinstance(piece, Name) else piece
        if isinstance(found, Fault):
            faults.append(found)
            if len(faults) == _MAX_FAULTS:
                break
        else:
            texts.append(f"{{{found.name}}}" if isinstance(found, Name) else escape(found))
    return Reading("", tuple(faults)) if faults else Reading("".join(texts), notes=notes)


def _checked(name: Name) -> Name | Fault:
    wrong = wrong_name(name.name)
    return Fault(name.line, f"“{shown(name.name)}” can't be a slot: it {wrong}") if wrong else name
