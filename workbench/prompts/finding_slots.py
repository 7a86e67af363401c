"""The slots that a dataflow's modules write down themselves."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

from dataflows.templates import Slot


def written_slots(modules: Collection[ModuleType]) -> dict[str, dict[str, Slot]]:
    """Prompt -> slot -> what it is for, out of each module's SLOTS; what is no such table is left out.

    Read by the names of its parts, since another project's Slot is another class than ours.
    """
    found: dict[str, dict[str, Slot]] = {}
    for module in modules:
        table = vars(module).get("SLOTS")
        with suppress(Exception):  # any object may stand there
            for prompt, slots in table.items() if isinstance(table, Mapping) else ():
                if isinstance(prompt, str) and isinstance(slots, Mapping):
                    found[prompt] = {name: _slot(slot) for name, slot in slots.items() if isinstance(name, str)}
    return found


def _slot(slot: Any) -> Slot:
    if isinstance(slot, Slot):
        return slot
    meaning = slot if isinstance(slot, str) else getattr(slot, "meaning", "")
    return Slot(meaning if isinstance(meaning, str) else "", getattr(slot, "required", False) is True)
