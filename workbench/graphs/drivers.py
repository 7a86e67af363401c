"""Hamilton drivers: one of the same modules and config to look at, and one for each execution."""

import copy
import inspect
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import ModuleType, NoneType
from typing import Any

from hamilton import driver
from hamilton.async_driver import AsyncDriver
from hamilton.base import DictResult
from hamilton.execution import executors, grouping
from hamilton.graph import FunctionGraph
from hamilton.node import NodeType

from workbench.graphs.task_threads import TaskThreads

_TASKS = 32
"""Of a Parallelizable node at a time; they only wait for model calls, whose number has a limit of its own."""
_PLAIN = (str, int, float, bool, NoneType)
_KEPT = 64


def driver_of(modules: Sequence[ModuleType], config: Mapping[str, Any]) -> driver.Driver:
    """A driver to look at, not to execute: the last 64 are kept, and given to whoever asks with the same.

    Edited code is in modules of its own, so that no driver of older code is given for it.

    Args:
        modules: Those of later ones stand in for nodes of the same name.
        config: Hamilton's; where it holds more than plain values, the driver is a new one.
    """
    if all(type(value) in _PLAIN for value in config.values()):
        return _kept(tuple(modules), tuple((name, type(value), value) for name, value in config.items()))
    return _built(modules, config)


def own_driver(built: driver.Driver) -> driver.Driver:
    """The same driver with nodes, and threads for tasks, of its own: a tenth of what building one takes."""
    nodes = {name: copy.copy(node) for name, node in built.graph.nodes.items()}
    for node in nodes.values():
        node._dependencies = [nodes[needed.name] for needed in node.dependencies]
        node._depended_on_by = [nodes[user.name] for user in node.depended_on_by]
    own: driver.Driver = object.__new__(type(built))  # a copy would import the modules by their names
    vars(own).update(vars(built))
    own.graph = FunctionGraph(nodes, built.graph.config, built.graph.adapter)
    if isinstance(built.graph_executor, driver.TaskBasedGraphExecutor):
        own.graph_executor = _task_executor(built.graph_executor)
    return own


@lru_cache(maxsize=_KEPT)
def _kept(modules: tuple[ModuleType, ...], config: tuple[tuple[str, type, Any], ...]) -> driver.Driver:
    """The types are there as 1 equals True."""
    return _built(modules, {name: value for name, _, value in config})


def _built(modules: Sequence[ModuleType], config: Mapping[str, Any]) -> driver.Driver:
    """The kind of driver that the nodes ask for."""
    builder = driver.Builder().with_modules(*modules).with_config(dict(config)).allow_module_overrides()
    built = builder.build()
    nodes = built.graph.nodes.values()
    if any(inspect.iscoroutinefunction(node.callable) for node in nodes):
        return AsyncDriver(dict(config), *modules, result_builder=DictResult(), allow_module_overrides=True)
    if any(node.node_role in (NodeType.EXPAND, NodeType.COLLECT) for node in nodes):
        tasks = builder.enable_dynamic_execution(allow_experimental_mode=True)
        return tasks.with_remote_executor(TaskThreads(_TASKS)).build()
    return built


def _task_executor(other: driver.TaskBasedGraphExecutor) -> driver.TaskBasedGraphExecutor:
    manager = executors.DefaultExecutionManager(executors.SynchronousLocalTaskExecutor(), TaskThreads(_TASKS))
    return driver.TaskBasedGraphExecutor(manager, grouping.GroupByRepeatableBlocks(), other.adapter)
