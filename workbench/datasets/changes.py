"""What an edit makes of a dataset, counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.datasets.nouns import Case
from workbench.datasets.spelling import same_spelling, spelt_case


@dataclass(frozen=True)
class Changes:
    """The names of cases that become others."""

    changed: tuple[str, ...] = ()
    """As they will be called; those that get another name only are among them."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    is_reordered: bool = False
    """Cases that stay stand in another order."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed or self.is_reordered)

    @property
    def words(self) -> str:
        """ "3 cases changed, 1 added, 2 removed"; empty where nothing is."""
        counts = ((self.changed, "changed"), (self.added, "added"), (self.removed, "removed"))
        parts = [f"{len(names):,} {word}" for names, word in counts if names]
        if parts:
            number, _, word = parts[0].partition(" ")
            parts[0] = f"{number} case{'' if number == '1' else 's'} {word}"
        if self.is_reordered:
            parts.append("the order changed" if parts else "The order changed")
        return ", ".join(parts)


def changes_of(before: Sequence[Case], after: Sequence[Case]) -> Changes:
    """How the cases before become those after, told by their names."""
    old = {case.name: spelt_case(case) for case in before}
    new = {case.name: spelt_case(case) for case in after}
    gone = {name: spelt for name, spelt in old.items() if name not in new}
    added = []
    changed = [name for name in new if name in old and not same_spelling(new[name], old[name])]
    for name in (name for name in new if name not in old):
        renamed = next((own for own, spelt in gone.items() if spelt | {"name": name} == new[name]), None)
        if renamed is None:
            added.append(name)
        else:
            changed.append(name)
            del gone[renamed]
    kept = [[name for name in own if name in old and name in new] for own in (old, new)]
    return Changes(tuple(changed), tuple(added), tuple(gone), kept[0] != kept[1])
