"""Which nodes are the same for all variants, so that they run once per document."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hamilton import driver, node
from hamilton.function_modifiers.base import DynamicResolver

from dataflows import Dataflow
from workbench.graphs import graph
from workbench.prompts.finding import calling_nodes


def shared_frontier(
    drivers: Sequence[driver.Driver],
    values: Sequence[Mapping[str, Any]],
    output: str,
    apart: Collection[str],
) -> list[str]:
    """The last nodes that are equal in all variants: computed once, their values replace them everywhere.

    A node is equal when the very same function objects make it from equal inputs. Hamilton's own node version won't
    do: it hashes the function's text only, so a changed helper or module constant would go unseen.

    Args:
        drivers: One per variant.
        values: What each variant gives (inputs and overrides), by node name.
        output: The node asked for.
        apart: Names never shared: prompts, and what calls the model.

    Returns:
        Node names, sorted; empty when nothing can be shared.
    """
    given = [{**built.graph.config, **own} for built, own in zip(drivers, values, strict=True)]
    vary = set(apart) | _differing_nodes(drivers) | _differing_values(given)
    return sorted(set().union(*(_cut(built, vary, output) for built in drivers)))


def _differing_nodes(drivers: Sequence[driver.Driver]) -> set[str]:
    names = set().union(*(built.graph.nodes for built in drivers))
    alike = all(built.graph.config == drivers[0].graph.config for built in drivers)
    return {name for name in names if len({_identity(built.graph.nodes.get(name), alike) for built in drivers}) > 1}


def _differing_values(values: Sequence[Mapping[str, Any]]) -> set[str]:
    names = set().union(*values)
    absent = object()
    return {name for name in names if any(own.get(name, absent) != values[0].get(name, absent) for own in values)}


def _identity(found: node.Node | None, alike: bool) -> Any:
    """What has to be equal for a node to be the same.

    Args:
        found: The node in one of the drivers.
        alike: Whether all drivers have one config.
    """
    if found is None:
        return None
    functions = () if found.user_defined else tuple(found.originating_functions or ())
    # A function that @resolve and its kin complete when the driver is built is another one under another config.
    completed = None if alike else [id(found) for own in functions if any(map(_is_late, vars(own).values()))]
    return found.user_defined, tuple(map(id, functions)), tuple(sorted(found.input_types)), str(completed or "")


def _is_late(decorators: Any) -> bool:
    found = decorators if isinstance(decorators, list) else [decorators]
    return any(isinstance(own, DynamicResolver) for own in found)


def _cut(built: driver.Driver, vary: set[str], output: str) -> set[str]:
    nodes = built.graph.nodes
    roots = [name for name in vary if name in nodes]
    below = {found.name for found in built.what_is_downstream_of(*roots)} | set(roots) if roots else set()
    needed, _ = built.graph.get_upstream_nodes([output])
    if output not in below:
        return {output}
    return {
        source.name
        for found in needed
        if found.name in below
        for source in found.dependencies
        if not source.user_defined and source.name not in below
    }


def shared_nodes(built: driver.Driver, dataflow: Dataflow) -> list[str]:
    """The nodes that neither a prompt nor the model reaches: the same for all variants."""
    reaching = [*graph.prompt_names(built, dataflow), *graph.model_inputs(built), *calling_nodes(built)]
    reached = {node.name for node in built.what_is_downstream_of(*reaching)} if reaching else set()
    return sorted(name for name, node in built.graph.nodes.items() if not node.user_defined and name not in reached)
