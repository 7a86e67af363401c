"""What a dataflow asks for and gives, once Hamilton has built it of the modules that were chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from hamilton.driver import Driver

from dataflows import Dataflow
from workbench.documents.values import suffixes_for
from workbench.errors import DataflowError
from workbench.graphs import graph
from workbench.graphs.default_config import alternatives, default_config
from workbench.graphs.inputs import InputSpec, inputs_of
from workbench.project_convention import document_among
from workbench.prompts.finding import find_prompts
from workbench.prompts.finding_nodes import is_text


@dataclass(frozen=True)
class Facts:
    """What there is to choose from, the likely one first."""

    prompts: tuple[str, ...]
    """In the order of the chain, as the dataflow's also_prompts and never_prompts correct them."""
    found: tuple[str, ...]
    """Those that are found without a correction."""
    texts: tuple[str, ...]
    """Other nodes and inputs whose value is a text, by name: what a prompt that wasn't found is among."""
    outputs: tuple[str, ...]
    """Nodes that a run could return: tagged ones, those that nothing needs, the others."""
    output: str
    """What it is without being named; empty when that can't be told."""
    documents: Mapping[str, tuple[str, ...]]
    """Inputs, and nodes that give pages, that could hold the document -> ends of the names of files they take."""
    document: str
    """The likely one; empty when none is."""
    config: Mapping[str, tuple[Any, ...]]
    """Config key -> the values that alternatives of its nodes name; those of prompts are versions and left out."""
    chosen: Mapping[str, Any]
    """The config it is built with where nothing is said."""
    inputs: tuple[InputSpec, ...]
    """What a run fails without, beyond document, model and prompts."""


def facts_of(dataflow: Dataflow) -> Facts:
    """Build it, which runs its modules.

    Args:
        dataflow: Its modules and config are used; its document and output where it names them.

    Raises:
        DataflowError: A module can't be imported, with file and line; or they don't fit together.
    """
    modules = graph.modules_of(dataflow)
    built = graph.build(dataflow, None, {}, modules=modules)
    prompts = tuple(graph.prompt_names(built, dataflow))
    found = tuple(find_prompts(built))
    documents = _documents(built, prompts)
    document = dataflow.document if dataflow.document in documents else _likely(built, list(documents))
    outputs = _outputs(built, prompts)
    try:
        output = graph.output_name(built, Dataflow(modules=dataflow.modules))
    except DataflowError:
        output = ""
    wanted = next((own for own in (dataflow.output, output, *outputs) if own in outputs), "")
    inputs = inputs_of(built, wanted, [document] if document else []) if wanted else []
    return Facts(
        prompts=prompts,
        found=found,
        texts=tuple(
            sorted(own.name for own in built.graph.nodes.values() if is_text(own.type) and own.name not in found)
        ),
        outputs=outputs,
        output=output,
        documents=documents,
        document=document,
        config=_config_values(modules),
        chosen=default_config(modules),
        inputs=tuple(own for own in inputs if own.required and own.name not in prompts),
    )


def _outputs(built: Driver, prompts: Sequence[str]) -> tuple[str, ...]:
    nodes = [own for own in built.graph.nodes.values() if not own.user_defined and own.name not in prompts]
    ranked = sorted(nodes, key=lambda own: (own.tags.get("role") != "output", bool(own.depended_on_by), own.name))
    return tuple(own.name for own in ranked)


def _documents(built: Driver, prompts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    others = {*prompts, *graph.model_inputs(built), *built.graph.config}
    nodes = [own for own in built.graph.nodes.values() if own.user_defined or own.name == "page_texts"]
    taken = {own.name: suffixes_for(own.type, own.name) for own in nodes if own.name not in others}
    names = [name for name, suffixes in taken.items() if suffixes]
    likely = _likely(built, names)
    return {name: taken[name] for name in sorted(names, key=lambda name: (name != likely, name))}


def _likely(built: Driver, names: Sequence[str]) -> str:
    return document_among({name: _written(built.graph.nodes[name].type) for name in names})


def _written(kind: Any) -> str:
    """A type as code has it: "bytes", "list[str]"."""
    return kind.__name__ if isinstance(kind, type) and not getattr(kind, "__args__", None) else str(kind)


def _config_values(modules: Sequence[ModuleType]) -> dict[str, tuple[Any, ...]]:
    values: dict[str, list[Any]] = {}
    for module in modules:
        for functions in alternatives(module).values():
            for own in functions:
                for condition in own.conditions if not own.is_prompt else ():
                    for key, value in condition.values.items():
                        named = values.setdefault(key, [])
                        listed = value if isinstance(value, tuple) else (value,)
                        named += [one for one in listed if one not in named]
    return {key: tuple(named) for key, named in values.items()}
