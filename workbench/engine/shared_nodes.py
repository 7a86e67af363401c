"""The nodes that all variants share, executed once per document and code, and kept for the process."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from workbench.engine.once import Once
from workbench.engine.preparation import PreparedExperiment
from workbench.graphs import graph
from workbench.graphs.execution import NodeWatch, execute
from workbench.records import Document, NodeTime

_KEPT = 32


@dataclass(frozen=True)
class SharedNodes:
    """What was computed once for all variants of a document."""

    frontier: Mapping[str, Any]
    """Handed to every variant in place of the nodes."""
    values: Mapping[str, Any]
    """Every executed node's value, for people to look at."""
    times: tuple[NodeTime, ...]


_cache: OrderedDict[Hashable, Once[SharedNodes]] = OrderedDict()
_lock = threading.Lock()


def shared_nodes(prepared: PreparedExperiment, document: Document) -> SharedNodes:
    """The shared nodes of one document; computed by the first who asks, for all who ask with equal code and inputs.

    Raises:
        DataflowError: One of them failed.
    """
    if not prepared.ready or not prepared.frontier:
        return SharedNodes({}, {}, ())
    key = _key(prepared, document)
    with _lock:
        found = _cache.setdefault(key, Once(partial(_execute, prepared, document)))
        _cache.move_to_end(key)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return found.value()


def _key(prepared: PreparedExperiment, document: Document) -> Hashable:
    """All that decides the values: the very function objects, which change when any code does, and their inputs."""
    first = next(iter(prepared.ready.values()))
    needed, inputs = first.driver.graph.get_upstream_nodes(list(prepared.frontier))
    functions = {node.name: tuple(node.originating_functions or ()) for node in needed if not node.user_defined}
    names = {node.name for node in (*needed, *inputs)}
    given = {name: (type(value), repr(value)) for name, value in first.values.items() if name in names}
    config = {name: repr(value) for name, value in first.config.items()}
    parts = (functions, given, config)
    return (
        document.sha256,
        document.page_texts,
        prepared.frontier,
        *(tuple(sorted(part.items(), key=lambda item: item[0])) for part in parts),
    )


def _execute(prepared: PreparedExperiment, document: Document) -> SharedNodes:
    first = next(iter(prepared.ready.values()))
    watch = _Noting()
    built = graph.build(prepared.dataflow, first.module, first.config, modules=prepared.modules)
    inputs, overrides = graph.bind(built, {**first.values, **prepared.document_value(built, document)})
    frontier = execute(built, list(prepared.frontier), inputs, overrides, watch)
    return SharedNodes(frontier, watch.values, tuple(watch.times))


class _Noting(NodeWatch):
    def __init__(self) -> None:
        self.times: list[NodeTime] = []
        self.values: dict[str, Any] = {}

    def ended(self, name: str, seconds: float, value: Any) -> None:
        self.times.append(NodeTime(name, seconds, shared=True))
        self.values[name] = value
