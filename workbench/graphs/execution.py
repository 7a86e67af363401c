"""Runs nodes of a driver, in the way they ask for: one after the other, in tasks, or on an event loop."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from hamilton import driver
from hamilton.async_driver import AsyncDriver

from dataflows.errors import TemplateError
from workbench.errors import DataflowError, PromptError, StopError, WorkbenchError
from workbench.graphs.drivers import own_driver
from workbench.graphs.graph import plain
from workbench.interception.nodes import scoped
from workbench.interception.openai_client import failure_behind
from workbench.interception.scope import RunEndedError


class NodeWatch:
    """Hears of the nodes of one driver; its methods are called from whatever thread a node runs in."""

    def begun(self, name: str) -> None:
        """A node begins."""

    def ended(self, name: str, seconds: float, value: Any) -> None:
        """A node has given its value."""


class _Failures(NodeWatch):
    """Passes on what it hears, and knows which nodes have begun and not ended."""

    def __init__(self, watch: NodeWatch) -> None:
        self._watch = watch
        self._lock = threading.Lock()
        self._open: list[str] = []

    @property
    def failed(self) -> str:
        """The node that began last and has no value."""
        with self._lock:
            return self._open[-1] if self._open else ""

    def begun(self, name: str) -> None:
        with self._lock:
            self._open.append(name)
        self._watch.begun(name)

    def ended(self, name: str, seconds: float, value: Any) -> None:
        with self._lock:
            if name in self._open:
                self._open.remove(name)
        self._watch.ended(name, seconds, value)


def execute(
    built: driver.Driver,
    wanted: Sequence[str],
    inputs: Mapping[str, Any],
    overrides: Mapping[str, Any],
    watch: NodeWatch | None = None,
) -> dict[str, Any]:
    """Node name -> value; any number of executions of one driver can go on at a time, each with a copy of it.

    Args:
        built: From graph.build.
        wanted: Names of nodes.
        inputs: As graph.bind gives them.
        overrides: As graph.bind gives them.
        watch: Hears of every node; an error names the node then.

    Raises:
        PromptError: A template could not be filled.
        DataflowError: A node raised something else.
        WorkbenchError: A node raised it.
        StopError: The run was stopped.
    """
    own = own_driver(built)
    failures = _Failures(watch) if watch else None
    if failures:
        _watch_nodes(own, failures)
    try:
        return _values(own, list(wanted), dict(inputs), dict(overrides))
    except RunEndedError as error:
        raise error.cause from None
    except StopError:
        raise
    except Exception as error:
        told = _told(error)
        raise (told.at(failures.failed) if failures and failures.failed else told) from error


def _watch_nodes(built: driver.Driver, watch: NodeWatch) -> None:
    for node in built.graph.nodes.values():
        if not node.user_defined:
            # Hamilton's hooks don't do: around async nodes they fire when a task is made, and tell nothing to threads.
            node._callable = scoped(node.callable, node.name, watch.begun, watch.ended)


def _values(
    built: driver.Driver, wanted: list[str], inputs: dict[str, Any], overrides: dict[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any]
    if isinstance(built, AsyncDriver):
        found = asyncio.run(built.execute(wanted, inputs=inputs, overrides=overrides))
    else:
        found = built.execute(wanted, inputs=inputs, overrides=overrides)
    return found


def _told(error: Exception) -> WorkbenchError:
    if isinstance(error, WorkbenchError):
        return error
    if found := failure_behind(error):
        return found
    # Also where a project has the class from a module of its own.
    if isinstance(error, TemplateError) or type(error).__name__ == TemplateError.__name__:
        return PromptError(f"{error}.", "Change the prompt, then run again.")
    return DataflowError(plain(error))
