"""A run while it goes on: what its hooks and clients note, as cheaply as can be; finished.py makes a record of it."""

import sys
import time
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from dataflows.prompt_store.records import LoadedPrompts
from dataflows.tracker.record_parts import MOST_ENTRIES, Way
from dataflows.tracker.running_call import Problem, RunningCall


class RunningNode:
    """One execution of a node; what the code in it can find as the current one."""

    __slots__ = ("began", "ended", "handled", "is_scheduled", "name", "problem", "run", "task_id", "token")

    def __init__(self, run: "RunningRun", name: str, task_id: str) -> None:
        self.run = run
        self.name = name
        self.task_id = task_id
        self.problem: Problem | None = None
        self.is_scheduled = False
        """An async driver has made its task, which hasn't begun."""
        self.token: Any = None
        self.handled = sys.exc_info()[1]
        """The error that was being handled when it began."""
        self.ended = 0.0
        self.began = time.perf_counter()


@dataclass(frozen=True, slots=True)
class SeenPrompt:
    """A prompt's text and where it is from."""

    text: str
    way: Way
    version: str


class RunningRun:
    """One execution of a driver; lists are added to by any thread, which needs no lock."""

    def __init__(self, run_id: str, *, keeps_content: bool, request: tuple[str, Mapping[str, str]]) -> None:
        self.run_id = run_id
        self.keeps_content = keeps_content
        self.request = request
        self.nodes: list[RunningNode] = []
        self.calls: list[RunningCall] = []
        self.open: dict[tuple[str, str], RunningNode] = {}
        """(task id, name) -> node that has not ended."""
        self.given: Mapping[str, SeenPrompt] = {}
        """Prompts that came from outside; it isn't known yet whether they are used."""
        self.prompts: dict[str, SeenPrompt] = {}
        self.loaded: LoadedPrompts | None = None
        self.is_async = False
        self.is_over = False
        self.context = copy_context()
        """Of the code that executes the driver, as it is when the run begins."""
        self.handled = sys.exc_info()[1]
        """The error that was being handled when it began."""
        self.outer: RunningNode | None = None
        """The node of another run, in which this one is made."""
        self.left_out = 0
        self.keys: set[str] = set()
        """Of the clients that made calls; nothing that is told may hold one."""
        self.problem: Problem | None = None
        self.outputs: dict[str, str] = {}
        self.ended = 0.0
        self.started_at = time.time()
        self.began = time.perf_counter()

    def add_node(self, node: RunningNode) -> None:
        """Another one has begun."""
        if len(self.nodes) < MOST_ENTRIES:
            self.nodes.append(node)
        else:
            self.left_out += 1

    def add_call(self, call: RunningCall) -> None:
        """Another one has begun; one that comes after the run has ended is in no record."""
        if self.is_over:
            return
        if len(self.calls) < MOST_ENTRIES:
            self.calls.append(call)
        else:
            self.left_out += 1
