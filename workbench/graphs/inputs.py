"""What a person may set for a dataflow: its inputs, with the defaults that suit the model."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from dataflows import Dataflow
from workbench.errors import DataflowError, VersionError
from workbench.graphs import graph
from workbench.graphs.graph import InputSpec
from workbench.prompts.versions import load_module
from workbench.records import ModelChoice, Version


def model_settings(dataflow: Dataflow, choice: ModelChoice) -> tuple[dict[str, Any], dict[str, Any]]:
    """What suits the model, as (Hamilton config that chooses nodes, defaults of inputs)."""
    suited = dataflow.small_model if choice.endpoint == "local" else {}
    keys = graph.config_keys(graph.modules_of(dataflow))
    config = {name: value for name, value in suited.items() if name in keys}
    return config, {name: value for name, value in suited.items() if name not in keys}


def input_specs(dataflow: Dataflow, choice: ModelChoice, versions: Collection[Version]) -> list[InputSpec]:
    """The inputs that these versions need beyond document, model and prompts; required ones first.

    A version that can't be loaded or built adds none: its run says why.

    Raises:
        DataflowError: The dataflow itself can't be built.
    """
    config, suited = model_settings(dataflow, choice)
    specs: dict[str, InputSpec] = {}
    drivers = [graph.build(dataflow, None, config)]
    for version in versions:
        with suppress(VersionError, DataflowError):
            drivers.append(graph.build(dataflow, load_module(version), config))
    for built in drivers:
        prompts = graph.prompt_names(built)
        for spec in graph.inputs_of(built, graph.output_name(built), [dataflow.document]):
            if spec.name not in prompts:
                specs.setdefault(spec.name, replace(spec, default=suited.get(spec.name, spec.default)))
    return list(specs.values())


def typed_inputs(specs: Collection[InputSpec], texts: Mapping[str, str]) -> dict[str, Any]:
    """Typed texts as values; a name without a spec stays text, and the runner refuses it when no node has it.

    Raises:
        InputError: A text is no value of its input's type.
    """
    known = {spec.name: spec for spec in specs}
    return {name: graph.coerced(known[name], text) if name in known else text for name, text in texts.items()}
