"""Which nodes are the same for all variants, so that they run once per document."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hamilton import driver, node

from workbench.graphs import graph


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
    if any(built.graph.config != drivers[0].graph.config for built in drivers):
        return []
    vary = set(apart) | _differing_nodes(drivers) | _differing_values(values)
    return sorted(set().union(*(_cut(built, vary, output) for built in drivers)))


def _differing_nodes(drivers: Sequence[driver.Driver]) -> set[str]:
    names = set().union(*(built.graph.nodes for built in drivers))
    return {name for name in names if len({_identity(built.graph.nodes.get(name)) for built in drivers}) > 1}


def _differing_values(values: Sequence[Mapping[str, Any]]) -> set[str]:
    names = set().union(*values)
    absent = object()
    return {name for name in names if any(own.get(name, absent) != values[0].get(name, absent) for own in values)}


def _identity(found: node.Node | None) -> Any:
    if found is None:
        return None
    functions = () if found.user_defined else tuple(map(id, found.originating_functions or ()))
    return found.user_defined, functions, tuple(sorted(found.input_types))


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


def shared_nodes(built: driver.Driver) -> list[str]:
    """The nodes that neither a prompt nor the model reaches: the same for all variants."""
    reaching = [*graph.prompt_names(built), *graph.model_inputs(built)]
    reached = {node.name for node in built.what_is_downstream_of(*reaching)} if reaching else set()
    return sorted(name for name, node in built.graph.nodes.items() if not node.user_defined and name not in reached)
