"""The repetitions of each variant on a document, whether they go on or are over."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pages.shared.experiments import SLOT, current_job, last_experiment
from pages.shared.standing import Standing, standing_of_lane, standing_of_run
from workbench.comparison.spread import Spread, spread_of
from workbench.engine.lanes import Lane
from workbench.records import Document, Run, Status


@dataclass(frozen=True)
class Lineup:
    """All repetitions of one variant on one document, in their order; never none."""

    members: tuple[Lane | Run, ...]

    @property
    def live(self) -> bool:
        """Whether one of them goes on."""
        return any(member.status in ("waiting", "running") for member in self.members)

    @property
    def done(self) -> list[Run]:
        """Those that have an answer."""
        return [_run(member) for member in self.members if member.status == "done"]

    @property
    def over(self) -> list[Run]:
        """Those that have ended, well or not."""
        return [_run(member) for member in self.members if member.status not in ("waiting", "running")]

    @property
    def status(self) -> Status:
        """Of all together: the worst that has happened, once all have ended."""
        statuses = {member.status for member in self.members}
        order: tuple[Status, ...] = ("running", "waiting", "failed", "stopped", "done")
        return next(status for status in order if status in statuses)

    @property
    def headline(self) -> str:
        """How many stand how: "3 of 5 done, 1 failed"."""
        counts = Counter(member.status for member in self.members)
        bad = [f"{counts[status]} {status}" for status in ("failed", "stopped") if counts[status]]
        total = len(self.members)
        done = f"{total} done" if counts["done"] == total else f"{counts['done']} of {total} done"
        return ", ".join([done, *bad])

    @property
    def figures(self) -> dict[str, list[tuple[int, float]]]:
        """What runs are compared by, of those that are done: "seconds", "tokens" out and "cost", each with its
        repetition.

        Of several repetitions, seconds are those of the ones that made calls, as others come out of the store at once,
        and dollars hold what reused answers cost when they were made. There are no dollars when a price is unknown.
        """
        done = self.done
        if len(self.members) == 1:
            timed, costs = done, [run.cost_usd for run in done]
        else:
            timed, costs = [run for run in done if run.calls_made] or done, [_full_cost(run) for run in done]
        return {
            "seconds": [(run.repetition, run.seconds) for run in timed],
            "tokens": [(run.repetition, float(run.output_tokens)) for run in done],
            "cost": [(run.repetition, cost) for run, cost in zip(done, costs, strict=True) if cost is not None]
            if None not in costs
            else [],
        }

    def standing(self, repetition: int) -> Standing:
        """How one of them stands.

        Args:
            repetition: From 0.
        """
        member = self.members[repetition]
        return standing_of_lane(member) if isinstance(member, Lane) else standing_of_run(member)


def lineups(document: Document | None, slot: str = SLOT) -> dict[str, Lineup]:
    """Variant label -> its repetitions on this document in what was run last."""
    members: list[tuple[str, str, Lane | Run]] = []
    if job := current_job(slot):
        members = [(label, sha256, lane) for (label, sha256, _), lane in list(job.lanes.items())]
    elif experiment := last_experiment(slot):
        members = [(run.variant, run.document, run) for run in experiment.runs]
    found: dict[str, list[Lane | Run]] = {}
    for label, sha256, member in members:
        if document and sha256 == document.sha256:
            found.setdefault(label, []).append(member)
    return {label: Lineup(tuple(sorted(own, key=lambda one: one.repetition))) for label, own in found.items()}


@dataclass(frozen=True)
class Marks:
    """What all the variants' figures are held against."""

    best: Mapping[str, float]
    """Figure -> the least median, once all are done and there is something to compare."""
    axes: Mapping[str, Spread]
    """Figure -> from the least to the most over all repetitions of all variants."""


def marks_of(lined_up: Mapping[str, Lineup]) -> Marks:
    """The best figures and the common axes of some variants."""
    figures = [own.figures for own in lined_up.values()]
    axes = {}
    for name in ("seconds", "tokens", "cost"):
        if axis := spread_of(value for own in figures for _, value in own[name]):
            axes[name] = axis
    if len(lined_up) < 2 or any(own.status != "done" for own in lined_up.values()):
        return Marks({}, axes)
    best = {}
    for name in ("seconds", "cost"):
        spreads = [spread_of(value for _, value in own[name]) for own in figures]
        medians = [spread.median for spread in spreads if spread and spread.median]
        if len(medians) == len(figures):
            best[name] = min(medians)
    return Marks(best, axes)


def _full_cost(run: Run) -> float | None:
    paid, reused = run.cost_usd, run.reused_cost_usd
    return None if paid is None or reused is None else paid + reused


def _run(member: Lane | Run) -> Run:
    return member.run() if isinstance(member, Lane) else member
