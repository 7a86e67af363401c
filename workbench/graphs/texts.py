"""The prompts of a version or draft as a store takes them: parameters filled, slots of the dataflow left."""

from collections.abc import Mapping
from typing import Any

from dataflows import Dataflow
from dataflows.templates import fill_some
from workbench.errors import VersionError
from workbench.graphs import graph
from workbench.graphs.rendering import rendered_prompts
from workbench.prompts.plain_text import fill_plain
from workbench.prompts.slot_check import refuse_bad_template
from workbench.records import Variant, Version


def texts_of(
    dataflow: Dataflow, variant: Variant, versions: Mapping[str, Version], inputs: Mapping[str, Any]
) -> dict[str, str]:
    """Prompt name -> its text as a run of the variant would hand it to the dataflow.

    Args:
        dataflow: Whose prompts they are.
        variant: A version or a draft.
        versions: Label -> version; those that the variant names are among them.
        inputs: Values of parameters; others keep their defaults.

    Raises:
        PromptError: A text has slots that nothing fills, or lacks one it needs.
        VersionError: The dataflow needs a prompt that the variant doesn't have, or its module can't be loaded.
        DataflowError: It can't be built, or a prompt's code fails.
    """
    base = versions[variant.base]
    values = {**dataflow.inputs, **inputs, **variant.inputs}
    built = graph.build_version(dataflow, base, {})
    texts = rendered_prompts(dataflow, base, values)
    for name, label in variant.prompts_from.items():
        texts[name] = rendered_prompts(dataflow, versions[label], values)[name]
    for name, found in graph.prompts_of(built, dataflow).items():
        prompt = versions[variant.prompts_from.get(name, variant.base)].prompts.get(name)
        plain = found.filling != "format" or bool(prompt and prompt.plain)
        if name in variant.templates:
            parameters = prompt.parameters if prompt else ()
            filled = {own.name: str(values.get(own.name, own.default)) for own in parameters}
            refuse_bad_template(name, variant.templates[name], found.slots, filled, plain=plain)
            texts[name] = (fill_plain if plain else fill_some)(variant.templates[name], filled)
        elif name not in texts and name in values:
            texts[name] = str(values[name])
        if name in texts:
            refuse_bad_template(name, texts[name], found.slots, plain=plain)
        elif built.graph.nodes[name].depended_on_by:
            raise VersionError(f"{variant.label} has no {name}.", "Give it a text in a draft on the Workbench page.")
    return texts
