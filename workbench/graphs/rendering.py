"""The prompts of a version as its code gives them."""

from collections.abc import Mapping
from typing import Any

from dataflows import Dataflow
from workbench.graphs import graph
from workbench.graphs.execution import execute
from workbench.prompts.stored import loader_inputs
from workbench.records import Version


def rendered_prompts(dataflow: Dataflow, version: Version, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Prompt name -> its text with these inputs for its parameters, whatever its code computes.

    Raises:
        VersionError, DataflowError: The module can't be loaded or fails.
    """
    built = graph.build_version(dataflow, version, {})
    names = [name for name in graph.prompt_names(built, dataflow) if not built.graph.nodes[name].user_defined]
    given, overrides = graph.bind(built, {**inputs, **loader_inputs(version)})
    return execute(built, names, given, overrides)
