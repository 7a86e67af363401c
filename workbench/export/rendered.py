"""What a prompt function with logic gives, found by running it in a fresh process: a text that a draft can begin as."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from workbench.errors import ExportError
from workbench.export.fresh_process import ask, hexed, unhexed
from workbench.prompts.opening import open_source

_CHILD = "workbench.export.rendered_child"
_PLAIN = (str, int, float, bool, type(None))


def rendered_text(path: Path, function: str, root: Path, inputs: Mapping[str, str], seconds_limit: float = 60) -> str:
    """What one function gives, in the config that chooses it; as a template it has to be escaped.

    Args:
        path: A Python module inside root.
        function: Its name in the module ("a_prompt__v2").
        root: The project, which the module may import from.
        inputs: Values of what the function asks for; those with a default may be left out, others count for nothing.
        seconds_limit: How long the process may take.

    Raises:
        ExportError: The function can't be found or chosen, doesn't run, or gives no text.
        VersionError: The module is no Python.
    """
    path = _inside(path, root)
    try:
        source = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{path.name} can't be read: {error}", "Save it as UTF-8.") from error
    found = [own for own in open_source(source, path.name, [function]) if own.function == function]
    if len(found) != 1:
        raise ExportError(f"{path.name} has {len(found)} functions {function[:80]!a}; 1 is needed", "Choose another.")
    config = found[0].condition
    if config is None:
        message = f"no config is known under which Hamilton takes {function}"
        raise ExportError(message, "Copy its text into the draft by hand.")
    return rendered_values(path, [found[0].name], config, root, inputs, seconds_limit)[found[0].name]


def rendered_values(
    path: Path,
    nodes: Collection[str],
    config: Mapping[str, Any],
    root: Path,
    inputs: Mapping[str, str],
    seconds_limit: float = 60,
) -> dict[str, str]:
    """Node -> its text, of one module in one config.

    Args:
        path: A Python module inside root.
        nodes: Those whose text is wanted.
        config: Chooses between variants; texts, numbers, booleans and None.
        root: The project, which the module may import from.
        inputs: Name -> text; those that nothing asks for count for nothing.
        seconds_limit: How long the process may take.

    Raises:
        ExportError: The module doesn't run, or a node is missing or gives no text.
    """
    if wrong := [key for key, value in config.items() if not isinstance(value, _PLAIN)]:
        raise ExportError(f"the config's {wrong[0]} is neither a text nor a number", "Choose by a plain value.")
    request = {
        "path": str(_inside(path, root)),
        "root": str(root.resolve()),
        "nodes": list(nodes),
        "config": dict(config),
        "inputs": {name: hexed(value) for name, value in inputs.items()},
    }
    given: dict[str, str] = ask(_CHILD, request, seconds_limit)["values"]
    return {node: unhexed(given[node]) for node in nodes}


def _inside(path: Path, root: Path) -> Path:
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()) or not resolved.is_file():
        raise ExportError(f"{path.name!a} is no file of the project", "Choose a module inside the project's folder.")
    return resolved
