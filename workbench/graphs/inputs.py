"""What a person may set for a dataflow: its inputs, with the defaults that suit the model."""

import inspect
import json
import types
import typing
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from hamilton.driver import Driver

from dataflows import Dataflow
from workbench.errors import DataflowError, InputError, VersionError
from workbench.graphs import graph
from workbench.prompts.stored import loader_inputs
from workbench.records import ModelChoice, Version

_LONGEST_JSON = 1_000_000

Kind = Literal["text", "number", "flag", "json"]


@dataclass(frozen=True)
class InputSpec:
    """A value the dataflow wants from outside."""

    name: str
    type: Any
    default: Any
    """inspect.Parameter.empty when a value has to be given."""
    used_by: tuple[str, ...]

    @property
    def required(self) -> bool:
        """Whether a run fails without a value."""
        return self.default is inspect.Parameter.empty

    @property
    def kind(self) -> Kind:
        """How a person gives it a value: a text, a number, yes or no, or JSON for everything else."""
        if str in self.options:
            return "text"
        if bool in self.options:
            return "flag"
        return "number" if {int, float} & set(self.options) else "json"

    @property
    def options(self) -> tuple[Any, ...]:
        """The types a value may have: one, or those of a union (NoneType among them where it may be None)."""
        is_union = typing.get_origin(self.type) in (types.UnionType, typing.Union)
        return typing.get_args(self.type) if is_union else (self.type,)


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
    drivers = [(graph.build(dataflow, None, config), [dataflow.document])]
    for version in versions:
        with suppress(VersionError, DataflowError):
            given = [dataflow.document, *loader_inputs(version)]
            drivers.append((graph.build_version(dataflow, version, config), given))
    defaults = {**dataflow.inputs, **suited}
    for built, given in drivers:
        prompts = graph.prompt_names(built, dataflow)
        for spec in inputs_of(built, graph.output_name(built, dataflow), given):
            if spec.name not in prompts:
                specs.setdefault(spec.name, replace(spec, default=defaults.get(spec.name, spec.default)))
    return list(specs.values())


def typed_inputs(specs: Collection[InputSpec], texts: Mapping[str, str]) -> dict[str, Any]:
    """Typed texts as values; a name without a spec stays text, and the runner refuses it when no node has it.

    Raises:
        InputError: A text is no value of its input's type.
    """
    known = {spec.name: spec for spec in specs}
    return {name: coerced(known[name], text) if name in known else text for name, text in texts.items()}


def inputs_of(built: Driver, output: str, given: Collection[str] = ()) -> list[InputSpec]:
    """What a person may set for this output, required ones first.

    Args:
        built: The dataflow.
        output: The node asked for.
        given: Nodes whose values are given, so that nothing above them is needed; left out themselves.
    """
    cut = {name: None for name in given if name in built.graph.nodes}
    needed, inputs = built.graph.get_upstream_nodes([output], runtime_overrides=cut)
    names = {node.name for node in needed}
    specs = []
    for node in inputs:
        if node.name in cut or node.name in built.graph.config or node.name in graph.model_inputs(built):
            continue
        users = [user for user in node.depended_on_by if user.name in names]
        defaults = [user.default_parameter_values.get(node.name, inspect.Parameter.empty) for user in users]
        default = inspect.Parameter.empty if inspect.Parameter.empty in defaults else defaults[0]
        specs.append(InputSpec(node.name, node.type, default, tuple(sorted(user.name for user in users))))
    return sorted(specs, key=lambda spec: (not spec.required, spec.type is not str, spec.name))


def coerced(spec: InputSpec, text: str) -> Any:
    """A typed text as the input's type: str, int, float, bool, or one of these or None (an empty text); others as JSON.

    Raises:
        InputError: The text is no such value.
    """
    options = spec.options
    if types.NoneType in options and not text:
        return None
    if bool in options:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise InputError(f"{spec.name} is {text!r}; it has to be true or false.")
    for kind, words in ((int, "a whole number"), (float, "a number")):
        if kind in options:
            try:
                return kind(text)
            except ValueError:
                raise InputError(f"{spec.name} is {text!r}; it has to be {words}.") from None
    return _from_json(spec, text) if spec.kind == "json" else text


def _from_json(spec: InputSpec, text: str) -> Any:
    if len(text) > _LONGEST_JSON:
        raise InputError(f"{spec.name} has {len(text):,} characters; at most {_LONGEST_JSON:,} are allowed.")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{spec.name} is no JSON: {error}.", 'Write {"name": "value"} or [1, 2].') from None
    if "DataFrame" in str(spec.type):
        return _frame(spec, value)
    return value


def _frame(spec: InputSpec, rows: Any) -> Any:
    import pandas as pd  # slow to load, and few dataflows take a table as an input

    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{spec.name} is a table: a list of objects, one for each row.")
    return pd.DataFrame(rows)
