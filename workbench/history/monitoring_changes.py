"""When another version took over."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.history.monitoring_records import Change

_DRAFT = " (draft)"
_DEVIATIONS = 3
"""Standard deviations of a difference that chance makes once in 700 times of two equal shares."""


@dataclass(frozen=True)
class StepCalls:
    """Calls that a source made with one version of a dataflow in one step."""

    step: int
    dataflow: str
    source: str
    version: str
    calls: int
    first: float
    """When, in seconds since the epoch."""


def changes_of(counted: Iterable[StepCalls]) -> list[Change]:
    """When another version became the one that most calls were made with, in the order of time.

    It did where, from the last step on that the version before led in, it has more calls by more than chance makes of
    two equal shares: 10 to 0, 66 to 34, 550 to 450 (three standard deviations). So neither an A/B test nor a person
    who tries versions in turn makes a change each hour. Drafts are passed over.

    Args:
        counted: Each step, dataflow, source and version once.
    """
    places: dict[tuple[str, str], dict[int, list[StepCalls]]] = defaultdict(lambda: defaultdict(list))
    for own in counted:
        if not own.version.endswith(_DRAFT):
            places[own.dataflow, own.source][own.step].append(own)
    found = [
        Change(at, *place, before, after)
        for place, steps in places.items()
        for at, before, after in _of_place([step for _, step in sorted(steps.items())])
    ]
    return sorted(found, key=lambda change: (change.at, change.dataflow, change.source))


def _of_place(steps: Iterable[list[StepCalls]]) -> Iterator[tuple[float, str, str]]:
    """(when, version before, version after) of one dataflow and source."""
    live = ""
    calls: Counter[str] = Counter()
    first: dict[str, float] = {}
    for step in steps:
        most = max(step, key=lambda own: (own.calls, own.version == live, own.version)).version
        live = live or most
        if most == live:
            calls.clear()
            first.clear()
            continue
        for own in step:
            calls[own.version] += own.calls
            first.setdefault(own.version, own.first)
        most = max(calls, key=lambda own: (calls[own], own))
        if calls[most] - calls[live] > _DEVIATIONS * math.sqrt(calls[most] + calls[live]):
            yield first[most], live, most
            live = most
            calls.clear()
            first.clear()
