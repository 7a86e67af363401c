"""Sample values of the inputs of a .prompty file, in the forms it has had over time.

At first `inputs` was a mapping and `sample` held values; later `inputs` or `inputSchema.properties` became lists.
"""

from collections.abc import Mapping

from workbench.importing.yaml_nodes import Node, fields, is_small_mapping, items, scalar_of, text_of

_WHAT = "the inputs"
_VALUE_KEYS = ("sample", "default", "example", "value")
_MAX_INPUTS = 50


def sample_values(found: Mapping[str, Node]) -> dict[str, str]:
    """Name of input -> a value for it as it stands in the file; inputs without one are left out.

    Args:
        found: Keys and nodes of the file's YAML.

    Raises:
        ImportFailed: An input stands twice.
    """
    samples: dict[str, str] = {}
    schema = found.get("inputSchema")
    nodes = [found.get("inputs"), schema]
    if is_small_mapping(schema) and "properties" in (keys := fields(schema, _WHAT)):
        nodes[1] = keys["properties"]
    for node in nodes:
        for member in items(node)[:_MAX_INPUTS]:
            keys = fields(member, _WHAT) if is_small_mapping(member) else {}
            _keep(samples, text_of(keys.get("name")) or "", member)
        for name, value in fields(node, _WHAT).items() if is_small_mapping(node) else ():
            _keep(samples, name, value)
    sample = found.get("sample")
    for name, value in fields(sample, "sample").items() if is_small_mapping(sample) else ():
        _keep(samples, name, value)
    return samples


def _keep(samples: dict[str, str], name: str, node: Node) -> None:
    if is_small_mapping(node):
        keys = fields(node, _WHAT)
        node = next((keys[key] for key in _VALUE_KEYS if key in keys), None)
    value = scalar_of(node)
    if name and value is not None:
        samples[name] = value
