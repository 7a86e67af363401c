"""Hamilton runs that are watched node by node."""

import time
from typing import Any

from hamilton import driver, lifecycle

from workbench.errors import StopError, WorkbenchError
from workbench.graphs import graph


class NodeWatch(lifecycle.NodeExecutionHook):  # type: ignore[misc]
    """Times the nodes of one run and knows which one is being executed."""

    def __init__(self, on_end: Any, on_begin: Any = None) -> None:
        self._on_begin, self._on_end = on_begin, on_end
        self._started = 0.0
        self.node = ""

    def run_before_node_execution(self, *, node_name: str, **_: Any) -> None:
        """Hamilton's call before a node."""
        self.node = node_name
        self._started = time.perf_counter()
        if self._on_begin:
            self._on_begin(node_name)

    def run_after_node_execution(self, *, node_name: str, result: Any, **_: Any) -> None:
        """Hamilton's call after a node."""
        self._on_end(node_name, time.perf_counter() - self._started, result)


def execute(
    built: driver.Driver, wanted: list[str], inputs: dict[str, Any], overrides: dict[str, Any], watch: NodeWatch
) -> dict[str, Any]:
    """Node name -> value; a failure names the node.

    Raises:
        WorkbenchError: A node failed.
        StopError: The run was stopped.
    """
    try:
        return graph.execute(built, wanted, inputs, overrides)
    except StopError:
        raise
    except WorkbenchError as error:
        raise error.at(watch.node) from None
