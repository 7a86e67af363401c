"""What happens to each node of a dataflow: before a run what will be computed anew, after it what was."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hamilton import driver

from workbench.engine.lanes import Lane
from workbench.engine.plan import CellPlan
from workbench.records import Run

Mark = Literal["reused", "will run", "running", "ran", "changed", "failed"]


@dataclass(frozen=True)
class NodeMark:
    """One node, in one variant."""

    mark: Mark
    calls: int = 0
    """Calls to make before a run, made after it."""
    reused: int = 0
    """Calls whose answers are kept."""
    seconds: float = 0.0


def edited(cell: CellPlan, inputs: Mapping[str, Any], last: Run | None, last_inputs: Mapping[str, Any]) -> set[str]:
    """Names of the prompts and inputs that differ from the last run; all prompts when there was none.

    Args:
        cell: The plan of the run to come.
        inputs: Its inputs.
        last: The run it is held against.
        last_inputs: The inputs of that one.
    """
    if last is None:
        return set(cell.prompts)
    prompts = {name for name, text in cell.prompts.items() if last.prompts.get(name) != text}
    absent = object()
    return prompts | {
        name for name in {*inputs, *last_inputs} if inputs.get(name, absent) != last_inputs.get(name, absent)
    }


def will_run(built: driver.Driver, changed: Collection[str], cell: CellPlan) -> set[str]:
    """The nodes that a run will compute anew: what makes calls, and what lies between a change and them or behind them.

    A node whose answers are all kept is not among them, nor what depends on nothing else: what it gives is known.

    Args:
        built: The dataflow.
        changed: Prompts and inputs that are not what they were.
        cell: The plan of the run.
    """
    nodes = built.graph.nodes
    making = {name for name, (made, _) in cell.nodes.items() if made and name in nodes}
    known = {name for name, (made, reused) in cell.nodes.items() if reused and not made}
    if not making:
        return set()
    leading = _names(built.what_is_upstream_of(*making))
    # Behind a change also past known nodes, whose values may be others than before; behind a call only up to them.
    between = (_behind(built, changed, ()) & leading) - known
    found = making | between | _behind(built, making, known)
    return {name for name in found if not nodes[name].user_defined}


def _behind(built: driver.Driver, roots: Collection[str], known: Collection[str]) -> set[str]:
    """All that depends on these, not only through nodes whose values are known."""
    nodes = built.graph.nodes
    found: set[str] = set()
    waiting = [own for name in roots if name in nodes for own in nodes[name].depended_on_by]
    while waiting:
        node = waiting.pop()
        if node.name not in known and node.name not in found:
            found.add(node.name)
            waiting.extend(node.depended_on_by)
    return found


def forecast(built: driver.Driver, changed: Collection[str], cell: CellPlan) -> dict[str, NodeMark]:
    """Node -> what a run will do to it, for all that the plan came to."""
    anew = will_run(built, changed, cell)
    found = {}
    for name, node in built.graph.nodes.items():
        if not node.user_defined:
            made, reused = cell.nodes.get(name, (0, 0))
            found[name] = NodeMark("will run" if name in anew else "reused", made, reused)
    return found


def marks_of_run(run: Run | Lane, baseline: Run | None) -> dict[str, NodeMark]:
    """Node -> what a run did to it, also while it goes on.

    Args:
        run: The run.
        baseline: The run it is held against: a value that differs is marked as changed.
    """
    record = run.run() if isinstance(run, Lane) else run
    found: dict[str, NodeMark] = {}
    for own in record.nodes:
        calls = [call for call in record.calls if call.node == own.name]
        made = sum(call.answer is not None and not call.reused for call in calls)
        before = found[own.name].seconds if own.name in found else 0.0
        mark: Mark = "ran" if made else "reused"
        if baseline and own.name in record.values and record.values[own.name] != baseline.values.get(own.name):
            mark = "changed"
        found[own.name] = NodeMark(mark, made, len(calls) - made, before + own.seconds)
    at = _where(run, record)
    if at and at not in found:
        calls = [call for call in record.calls if call.node == at]
        made = sum(call.answer is not None and not call.reused for call in calls)
        reused = sum(call.reused for call in calls)
        found[at] = NodeMark("running" if record.status == "running" else "failed", made, reused)
    return found


def _where(run: Run | Lane, record: Run) -> str:
    """The node that is being executed, or that failed."""
    if record.status == "running":
        return run.node if isinstance(run, Lane) else ""
    return record.error[1].partition(": ")[0] if record.status == "failed" and record.error else ""


def _names(nodes: Collection[Any]) -> set[str]:
    return {node.name for node in nodes}
