"""How many pieces a document will be read in."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from types import ModuleType
from typing import Any

from workbench import project_code, settings
from workbench.documents.reading import kept_file
from workbench.documents.values import document_value
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.graphs.execution import execute
from workbench.records import Document

_AT_ONCE_SECONDS = 0.1
_REMEMBERED = 256


class ChunkCounts:
    """Numbers of chunks, each counted once, by a thread; one at a time, since counting takes all of a core."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._counts: OrderedDict[tuple[Any, ...], Future[int]] = OrderedDict()

    def find(self, document: Document, dataflow_name: str, inputs: Mapping[str, Any]) -> int | None:
        """The number of chunks with these inputs; None while they are being counted.

        It is 0 when the dataflow refuses them (the run will say why), or has no pieces. Whoever asks first waits a
        tenth of a second for it: most documents need no more.
        """
        try:
            dataflow = graph.dataflow_named(dataflow_name)
            if not dataflow.chunks:
                return 0
            modules = graph.modules_of(dataflow)
        except WorkbenchError:
            return 0
        key = (document.sha256, dataflow_name, project_code.digest(modules), *sorted(inputs.items()))
        with self._lock:
            if begins := key not in self._counts:
                self._counts[key] = Future()
            self._counts.move_to_end(key)
            if len(self._counts) > _REMEMBERED:
                self._counts.popitem(last=False)
            count = self._counts[key]
        if begins:
            compute = partial(_count, document, dataflow_name, modules, dict(inputs))
            threading.Thread(target=self._work, args=(count, compute), name="chunk-count", daemon=True).start()
        try:
            return count.result(_AT_ONCE_SECONDS if begins else 0)
        except TimeoutError:
            return None

    def _work(self, count: "Future[int]", compute: Callable[[], int]) -> None:
        with self._counting:
            count.set_result(compute())


def _count(document: Document, dataflow_name: str, modules: Sequence[ModuleType], inputs: Mapping[str, Any]) -> int:
    dataflow = graph.dataflow_named(dataflow_name)
    try:
        built = graph.build(dataflow, None, {}, modules=modules)
        file = kept_file(document.sha256, settings.home())
        value = document_value(document, built.graph.nodes[dataflow.document].type, file)
        given, overrides = graph.bind(built, {**dataflow.inputs, **inputs, dataflow.document: value})
        return len(execute(built, [dataflow.chunks], given, overrides)[dataflow.chunks])
    except Exception:  # noqa: BLE001 nodes are user code; this is only a figure beside the file name
        return 0
