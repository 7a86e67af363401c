"""What a run will cost, before it is run: the chain is followed with the answers that are kept, and no call is made."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from dataflows.model import Model
from workbench.engine.call_sizes import cost_of, holds_unknown, sizes_of, unknown_answer
from workbench.engine.call_store import CallStore
from workbench.engine.jobs import Cell
from workbench.engine.lanes import Lane
from workbench.engine.preparation import PreparedExperiment, prepare
from workbench.engine.run_model import RequestMaker
from workbench.engine.runner import run_variant
from workbench.engine.shared_nodes import shared_nodes
from workbench.errors import WorkbenchError
from workbench.models.catalog import call_request
from workbench.records import CallRequest, Experiment, Version


@dataclass(frozen=True)
class CellPlan:
    """What one run needs."""

    nodes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Node name -> (calls to make, calls reused)."""
    complete: bool = True
    """False: a node refused an answer that isn't known yet, so the calls after it are not counted."""

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
    tally = _Tally(store, (experiment.started_at or time.time()) if experiment.fresh else 0.0)
    cells: dict[Cell, CellPlan] = {}
    refused = dict(prepared.refused)
    for repetition in range(experiment.repetitions):
        make_request = partial(call_request, experiment.model, repetition=repetition)
        for document in experiment.documents:
            for label, ready in prepared.ready.items():
                lane = Lane(ready.variant, document, experiment.model, prepared.output, repetition)
                try:
                    cells[label, document.sha256, repetition] = _follow(prepared, lane, make_request, tally)
                except WorkbenchError as error:
                    refused[label] = error
    sizes = sizes_of(tally.to_make)
    low = cost_of(experiment.model, [size.least for size in sizes])
    high = cost_of(experiment.model, [size.most for size in sizes])
    return Plan(cells, refused, sum(size.likely for size in sizes), low, high)


def _follow(prepared: PreparedExperiment, lane: Lane, make_request: RequestMaker, tally: "_Tally") -> CellPlan:
    model = _PlanModel(lane, make_request, tally)
    shared = shared_nodes(prepared, lane.document)
    try:
        run_variant(prepared, lane, shared, model)
    except WorkbenchError:
        if not any(made for made, _ in model.nodes.values()) and not model.met_unknown:
            raise  # it fails whatever the model answers
        return CellPlan(model.nodes, complete=False)
    return CellPlan(model.nodes)


class _PlanModel(Model):
    """Answers with what is kept, and with a mark that stands for the answer where none is."""

    def __init__(self, lane: Lane, make_request: RequestMaker, tally: "_Tally") -> None:
        self._lane, self._make_request, self._tally = lane, make_request, tally
        self.nodes: dict[str, tuple[int, int]] = {}
        self.met_unknown = False

    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        requests = [self._make_request(prompt, max_tokens) for prompt in prompts]
        before = len(self._tally.to_make)
        texts = self._tally.answers(requests)
        new = len(self._tally.to_make) - before
        made, reused = self.nodes.get(self._lane.node, (0, 0))
        self.nodes[self._lane.node] = (made + new, reused + len(prompts) - new)
        self.met_unknown = self.met_unknown or any(map(holds_unknown, texts))
        return texts


class _Tally:
    """All calls of an experiment, each once."""

    def __init__(self, store: CallStore, since: float) -> None:
        self._store, self._since = store, since
        self._kept: dict[str, str] = {}
        self.to_make: dict[str, CallRequest] = {}

    def answers(self, requests: Sequence[CallRequest]) -> list[str]:
        keys = [request.key() for request in requests]
        unseen = [key for key in keys if key not in self._kept and key not in self.to_make]
        self._kept |= {key: answer.text for key, answer in self._store.peek(unseen, self._since).items()}
        self.to_make |= {key: own for key, own in zip(keys, requests, strict=True) if key not in self._kept}
        return [self._kept.get(key, unknown_answer(key)) for key in keys]
