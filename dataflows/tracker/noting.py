"""What a run's hooks note: when its nodes begin and end, its prompts, its outputs."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from dataflows.prompt_store.records import LoadedPrompts
from dataflows.tracker import current
from dataflows.tracker.prompts import is_prompt, made_prompt
from dataflows.tracker.running import RunningNode, RunningRun, SeenPrompt
from dataflows.tracker.running_call import Problem


def begin_run(run_id: str, given: Mapping[str, SeenPrompt], *, keeps_content: bool) -> RunningRun:
    """An execution of a driver, which begins now.

    Args:
        run_id: Hamilton's.
        given: Prompts that come from outside.
        keeps_content: Whether texts are kept.
    """
    run = RunningRun(run_id, keeps_content=keeps_content, request=current.current_request())
    run.outer = current.current_node()
    run.given = given
    return run


def begin_node(run: RunningRun, name: str, task_id: str, values: Mapping[str, Any]) -> None:
    """A node begins, with these values of its dependencies; or the task is made in which an async driver runs it."""
    if run.is_async and (scheduled := run.open.get((task_id, name))):
        scheduled.began = time.perf_counter()
        _note_given(run, values)
        return
    if not run.is_async:  # else they are tasks
        _note_given(run, values)
    node = RunningNode(run, name, task_id)
    run.open[task_id, name] = node
    run.add_node(node)
    current.enter(node)


def end_node(
    run: RunningRun, node: RunningNode, node_: Any, ended: float, error: BaseException | None, result: Any
) -> None:
    """A node ends; or the task has been made in which an async driver runs it.

    Args:
        run: It is of.
        node: As it was begun.
        node_: Hamilton's.
        ended: On time.perf_counter.
        error: What it raised.
        result: What it gave.
    """
    if not node.is_scheduled:
        current.leave(node, run.outer)
    if run.is_async and not node.is_scheduled:
        node.is_scheduled = True
        return
    del run.open[node.task_id, node.name]
    node.ended = ended
    if error is None and result is None and not run.is_async:
        error = _raised(node.handled)
    node.handled = None
    if error is not None:
        node.problem = Problem(error)
    elif isinstance(result, str):
        if is_prompt(node.name, node_.tags):
            run.prompts.setdefault(node.name, made_prompt(node_, result))
    elif isinstance(result, LoadedPrompts):
        run.loaded = result


def end_run(run: RunningRun, error: BaseException | None, results: Any) -> None:
    """The execution has ended, now.

    Args:
        run: It is.
        error: What it raised.
        results: What it gave; None when it raised.
    """
    run.ended = time.perf_counter()
    run.is_over = True
    current.leave_run(run, run.outer)
    if error is None and results is None:
        error = _raised(run.handled)
    run.handled = None
    if error is not None:
        run.problem = Problem(error)
    # Others are what a result builder makes, a data frame for example.
    values = results if isinstance(results, Mapping) else {}
    _note_given(run, values)
    outputs = {name: _as_text(value) for name, value in values.items() if name not in run.prompts}
    run.outputs = {name: text for name, text in outputs.items() if text is not None}


def _raised(handled: BaseException | None) -> BaseException | None:
    """What is raised now: Hamilton tells of no error where it is no Exception, such as KeyboardInterrupt."""
    raised = sys.exc_info()[1]
    return None if raised is handled else raised


def _note_given(run: RunningRun, values: Mapping[str, Any]) -> None:
    """Prompts that came from outside and are used now."""
    if run.given:
        for name in run.given.keys() & values.keys():
            run.prompts.setdefault(name, run.given[name])


def _as_text(value: Any) -> str | None:
    """A text, or plain values as JSON; None for others."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict | list | int | float):
        return None
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return None
