"""One prompt module with its dataflow, in the gate's own process: what its prompts give, and what it changes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hamilton import driver

from dataflows import Dataflow
from workbench.errors import WorkbenchError
from workbench.gate.selection import number_of
from workbench.graphs import graph
from workbench.graphs.execution import execute
from workbench.graphs.inputs import inputs_of
from workbench.prompts.versions import load_module, read_version
from workbench.records import Version

_EXAMPLES: Mapping[Any, Any] = {str: "example", int: 1, float: 1.0, bool: True}
"""What a parameter without a default is given."""


def answer_of(root: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """What came of the job, as plain JSON.

    Args:
        root: The project.
        job: "path" of the module, relative to root; "dataflow"; "cases": whether its record is run again;
            "baseline_record": another record, in hex, whose outputs are judged too, or None.

    Returns:
        "error" (why the module doesn't run with the dataflow, or empty), "missing" (prompts it does not give), "shape"
        (what it changes of the dataflow), "values" (prompt -> text in hex), "different" (prompts that gave two texts),
        "slots", and "record", "cases", "baseline_cases" where asked.
    """
    dataflow = graph.dataflow_named(job["dataflow"])
    path = Path(root, job["path"])
    version = read_version(job["dataflow"], number_of(job["path"]), path)
    answer: dict[str, Any] = {"error": "", "missing": [], "shape": [], "values": {}, "different": [], "slots": {}}
    try:
        answer["slots"] = {
            name: {slot: [own.meaning, own.required] for slot, own in slots.items()}
            for name, slots in graph.slots_of(dataflow).items()
        }
        for config in _configs(dataflow):
            _add_run(answer, dataflow, version, config)
    except WorkbenchError as error:
        answer["error"] = error.message
    if job["cases"]:
        from workbench.gate.case_run import run_cases

        answer |= run_cases(Path(root), job, version)
    return answer


def _configs(dataflow: Dataflow) -> list[dict[str, Any]]:
    """Hamilton's config as a remote model gets it, and as the small one does."""
    keys = graph.config_keys(graph.modules_of(dataflow))
    small = {name: value for name, value in dataflow.small_model.items() if name in keys}
    return [{}, small] if small else [{}]


def _add_run(answer: dict[str, Any], dataflow: Dataflow, version: Version, config: Mapping[str, Any]) -> None:
    bare = graph.build(dataflow, None, config)
    built = graph.build(dataflow, load_module(version), config)
    asked = graph.prompt_names(bare, dataflow)
    answer["missing"] += [name for name in asked if built.graph.nodes[name].user_defined]
    answer["shape"] += [line for line in _changes(bare, built, set(asked)) if line not in answer["shape"]]
    names = [name for name in asked if not built.graph.nodes[name].user_defined]
    if not names or answer["shape"]:
        return
    inputs = _examples(built, names)
    first = execute(built, names, inputs, {})
    again = execute(graph.build(dataflow, load_module(version), config), names, inputs, {})
    for name in names:
        if type(first[name]) is not str:
            answer["error"] = f"{name} gave {type(first[name]).__name__}, not text"
        elif first[name] != again[name]:
            answer["different"].append(name)
        else:
            answer["values"].setdefault(name, first[name].encode("utf-8", "surrogatepass").hex())


def _changes(bare: driver.Driver, built: driver.Driver, prompts: set[str]) -> Iterator[str]:
    """What the module does to the dataflow beyond giving its prompts, a sentence each."""
    for name, node in bare.graph.nodes.items():
        now = built.graph.nodes.get(name)
        if name in prompts:
            computed = [
                needed.name
                for needed in (now.dependencies if now else ())
                if (own := bare.graph.nodes.get(needed.name)) and not own.user_defined and needed.name not in prompts
            ]
            for needed in computed:
                yield f"{name} takes {needed}, which the dataflow computes"
        elif now is None:
            yield f"the dataflow loses its node {name}"
        elif (node.user_defined, node.originating_functions) != (now.user_defined, now.originating_functions):
            yield f"the module defines {name}, which is the dataflow's own"
        elif node.input_types.keys() != now.input_types.keys():
            yield f"the dataflow's node {name} takes other inputs"


def _examples(built: driver.Driver, names: list[str]) -> dict[str, Any]:
    """A value for each input without a default; one of another type is left out, and Hamilton says so."""
    found = {}
    for name in names:
        for spec in inputs_of(built, name):
            if spec.required and spec.type in _EXAMPLES:
                found[spec.name] = _EXAMPLES[spec.type]
    return found
