"""What a run will cost, before it is run: the chain is followed with the answers that are kept, and no call is made."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.engine.call_sizes import cost_of, sizes_of
from workbench.engine.call_store import CallStore
from workbench.engine.jobs import Cell
from workbench.engine.lanes import Lane
from workbench.engine.plan_calls import PlanCalls, Tally
from workbench.engine.preparation import PreparedExperiment, prepare
from workbench.engine.requests import Requests
from workbench.engine.runner import run_variant
from workbench.engine.shared_nodes import shared_nodes
from workbench.errors import WorkbenchError
from workbench.records import CallRequest, Experiment, Version


@dataclass(frozen=True)
class PlannedCall:
    """One call that a run will ask for."""

    node: str
    index: int
    """Position among the node's calls, from 0."""
    request: CallRequest
    """Answers that aren't known yet stand in it as marks, see call_sizes."""
    new: bool
    """Whether it will be made; else its answer is kept, or another run of the experiment makes it."""


@dataclass(frozen=True)
class CellPlan:
    """What one run needs."""

    nodes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Node name -> (calls to make, calls reused)."""
    complete: bool = True
    """False: a node refused an answer that isn't known yet, so the calls after it are not counted."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Prompt name -> its value in the run."""
    calls: tuple[PlannedCall, ...] = ()

    @property
    def to_make(self) -> int:
        """Calls that this run will pay for."""
        return sum(made for made, _ in self.nodes.values())

    @property
    def reused(self) -> int:
        """Calls whose answer is kept, or that another run of the experiment makes."""
        return sum(reused for _, reused in self.nodes.values())


@dataclass(frozen=True)
class Plan:
    """What an experiment needs."""

    cells: Mapping[Cell, CellPlan]
    refused: Mapping[str, WorkbenchError]
    """Variant label -> why it can't run."""
    input_tokens: int
    """Sent by the calls to make; an answer that isn't known yet counts as 100 where it is part of the next prompt."""
    cost_low: float | None
    """US dollars if each answer to come were one token; 0 for the local model, None when the price is unknown."""
    cost_high: float | None
    """US dollars if each answer to come were as long as it may be: max_tokens, or 1,000 tokens where none is set."""

    @property
    def to_make(self) -> int:
        """Calls that will be paid for; exact unless the model answers two different prompts alike."""
        return sum(cell.to_make for cell in self.cells.values())

    @property
    def reused(self) -> int:
        """Calls that cost nothing."""
        return sum(cell.reused for cell in self.cells.values())

    @property
    def complete(self) -> bool:
        """Whether all calls are counted."""
        return all(cell.complete for cell in self.cells.values())


def plan_of(experiment: Experiment, versions: Mapping[str, Version], store: CallStore) -> Plan:
    """Count the calls of an experiment; takes milliseconds once its documents are cut into chunks.

    Raises:
        InputError, DataflowError: The experiment as a whole can't run.
    """
    prepared = prepare(experiment, versions)
    tally = Tally(store, (experiment.started_at or time.time()) if experiment.fresh else 0.0)
    cells: dict[Cell, CellPlan] = {}
    refused = dict(prepared.refused)
    for repetition in range(experiment.repetitions):
        requests = Requests(experiment.model, repetition)
        for document in experiment.documents:
            for label, ready in prepared.ready.items():
                lane = Lane(ready.variant, document, experiment.model, prepared.output, repetition)
                try:
                    cells[label, document.sha256, repetition] = _follow(prepared, lane, requests, tally)
                except WorkbenchError as error:
                    refused[label] = error
    sizes = sizes_of(tally.to_make)
    asked = tally.to_make.values()
    low = cost_of(experiment.model, asked, [size.least for size in sizes])
    high = cost_of(experiment.model, asked, [size.most for size in sizes])
    return Plan(cells, refused, sum(size.likely for size in sizes), low, high)


def _follow(prepared: PreparedExperiment, lane: Lane, requests: Requests, tally: Tally) -> CellPlan:
    calls = PlanCalls(lane, requests, tally)
    shared = shared_nodes(prepared, lane.document)
    complete = True
    try:
        run_variant(prepared, lane, shared, calls)
    except WorkbenchError:
        if not any(made for made, _ in calls.nodes.values()) and not calls.met_unknown:
            raise  # it fails whatever the model answers
        complete = False
    planned = tuple(PlannedCall(own.node, own.index, own.request, id(own) in calls.new) for own in lane.calls)
    return CellPlan(calls.nodes, complete, dict(lane.prompts), planned)
