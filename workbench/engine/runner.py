"""The runs of an experiment: shared nodes once per document, then every variant on its own."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hamilton import driver, lifecycle

from dataflows.model import Model
from workbench.engine.lanes import Lane
from workbench.engine.preparation import PreparedExperiment
from workbench.errors import StopError, WorkbenchError
from workbench.graphs import graph
from workbench.records import Document, NodeTime


@dataclass(frozen=True)
class SharedNodes:
    """What was computed once for all variants of a document."""

    frontier: Mapping[str, Any]
    """Handed to every variant in place of the nodes."""
    values: Mapping[str, Any]
    """Every executed node's value, for people to look at."""
    times: tuple[NodeTime, ...]


def run_shared(prepared: PreparedExperiment, document: Document) -> SharedNodes:
    """The shared nodes of one document, executed once.

    Raises:
        DataflowError: One of them failed.
    """
    if not prepared.ready or not prepared.frontier:
        return SharedNodes({}, {}, ())
    first = next(iter(prepared.ready.values()))
    times: list[NodeTime] = []
    seen: dict[str, Any] = {}

    def ended(name: str, seconds: float, value: Any) -> None:
        times.append(NodeTime(name, seconds, shared=True))
        seen[name] = value

    watch = _NodeWatch(on_end=ended)
    built = graph.build(prepared.dataflow, first.module, prepared.config, watch)
    inputs, overrides = graph.bind(built, {**first.values, **_document_value(prepared, document)})
    frontier = _execute(built, list(prepared.frontier), inputs, overrides, watch)
    return SharedNodes(frontier, seen, tuple(times))


def run_variant(
    prepared: PreparedExperiment,
    lane: Lane,
    shared: SharedNodes,
    model: Model,
) -> str:
    """The output of one variant; times and values go into the lane.

    Raises:
        WorkbenchError: A node failed; the message names it.
    """
    own = prepared.ready[lane.variant.label]
    lane.shared(shared.values, shared.times)
    watch = _NodeWatch(on_begin=lambda name: setattr(lane, "node", name), on_end=lane.node_ended)
    built = graph.build(prepared.dataflow, own.module, prepared.config, watch)
    models = dict.fromkeys(graph.model_inputs(built), model)
    values = {**own.values, **_document_value(prepared, lane.document), **shared.frontier, **models}
    inputs, overrides = graph.bind(built, values)
    try:
        output = _execute(built, [prepared.output, *prepared.prompts], inputs, overrides, watch)
    finally:
        texts = {**inputs, **overrides, **lane.values}
        lane.prompts = {name: texts[name] for name in prepared.prompts if name in texts}
    return str(output[prepared.output])


def _document_value(prepared: PreparedExperiment, document: Document) -> dict[str, Any]:
    return {prepared.dataflow.document: list(document.page_texts)}


class _NodeWatch(lifecycle.NodeExecutionHook):  # type: ignore[misc]
    """Times the nodes of one run and knows which one is being executed."""

    def __init__(self, on_end: Any, on_begin: Any = None) -> None:
        self._on_begin, self._on_end = on_begin, on_end
        self._started = 0.0
        self.node = ""

    def run_before_node_execution(self, *, node_name: str, **_: Any) -> None:
        self.node = node_name
        self._started = time.perf_counter()
        if self._on_begin:
            self._on_begin(node_name)

    def run_after_node_execution(self, *, node_name: str, result: Any, **_: Any) -> None:
        self._on_end(node_name, time.perf_counter() - self._started, result)


def _execute(
    built: driver.Driver, wanted: list[str], inputs: dict[str, Any], overrides: dict[str, Any], watch: _NodeWatch
) -> dict[str, Any]:
    try:
        return graph.execute(built, wanted, inputs, overrides)
    except StopError:
        raise
    except WorkbenchError as error:
        raise error.at(watch.node) from None
