"""An export into a module that is there already: the new variant gives what was run, the old ones what they gave."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workbench.errors import ExportError
from workbench.export.config_form import add_variants, next_config_number
from workbench.export.fresh_process import ask, hexed, unhexed
from workbench.export.module_file import ExportFile, expected_values
from workbench.export.offer import change_of, draw, known_keys
from workbench.export.proof_lines import ProofLine
from workbench.export.pull_request import pull_request_text, pull_request_title
from workbench.export.ran import what_ran
from workbench.export.request import ExportRequest, Offer
from workbench.prompts.opening import open_source

_CHILD = "workbench.export.config_proof_child"
_KEY = "version"


def config_offer(request: ExportRequest, into: Path) -> Offer:
    """The request as `@config.when(version="vN")` variants in an existing module.

    Args:
        request: What is exported.
        into: The module; inside the project.

    Raises:
        ExportError: It can't be added, gives something else than what was run, or changes what another config gives.
    """
    before = _source(request, into)
    names = [opened.name for opened in open_source(before, into.name)]
    number = next_config_number(before, names or list(request.base.prompts), _KEY)
    file = draw(request, number)
    after = add_variants(before, file.prompts, f"v{number}", _KEY)
    ran = what_ran(request.experiment, request.variant)
    asked = {parameter.name for prompt in file.prompts for parameter in prompt.parameters}
    inputs = {name: value for name, value in ran.inputs.items() if name in asked}
    wanted = {**expected_values(file, inputs), **ran.prompts}
    proof = _prove(request, into, (before, after), f"v{number}", wanted, inputs)
    path = into.resolve().relative_to(request.root.resolve()).as_posix()
    written = ExportFile(into.name, after, file.prompts)
    change = replace(change_of(request, written, f"v{number}", path), proof=proof)
    files = {path: after.encode("utf-8")}
    title, text = pull_request_title(change, known_keys()), pull_request_text(change, keys=known_keys())
    return Offer(number, written, path, proof, title, text, files)


def _source(request: ExportRequest, into: Path) -> str:
    if not into.resolve().is_relative_to(request.root.resolve()):
        raise ExportError(f"{into.name!a} is outside of the project", "Name a module of the project.")
    try:
        return into.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(
            f"{into.name!a} can't be read as UTF-8: {error}", "Name an existing Python module."
        ) from error


def _prove(
    request: ExportRequest,
    into: Path,
    sources: tuple[str, str],
    version: str,
    wanted: Mapping[str, str],
    inputs: Mapping[str, str],
) -> tuple[ProofLine, ...]:
    configs: list[dict[str, str]] = [{}, *({_KEY: label} for label in _labels(sources[0])), {_KEY: version}]
    dotted = ".".join(into.resolve().relative_to(request.root.resolve()).with_suffix("").parts)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.py") for name in ("before", "after")]
        for path, source in zip(paths, sources, strict=True):
            path.write_bytes(source.encode("utf-8"))
        asked = {
            "paths": [str(path) for path in paths],
            "root": str(request.root.resolve()),
            "modules": [name for name in request.dataflow_modules if name != dotted],
            "names": list(wanted),
            "inputs": {name: hexed(value) for name, value in inputs.items()},
            "configs": configs,
        }
        old, new = ask(_CHILD, asked)["values"]
    for config, one, other in zip(configs[:-1], old, new, strict=False):
        if one != other:
            said = config.get(_KEY, "no version")
            raise ExportError(f"with {said}, the module would give other prompts than before", "Use a new module.")
    for name, text in wanted.items():
        given = new[-1][name]
        if given is None or unhexed(given) != text:
            message = f"{name} of {into.name} with {version} is not what was run"
            raise ExportError(message, "Run the draft again, then export it.")
    return (
        ProofLine("It imports in a fresh process that has no key", True),
        ProofLine("Every prompt of the new variant is equal, byte for byte", True, f"{len(wanted)} prompts"),
        ProofLine("Every other config gives the prompts it gave before", True, f"{len(configs) - 1} configs"),
    )


def _labels(source: str) -> list[str]:
    found = [opened.condition.get(_KEY) for opened in open_source(source) if opened.condition]
    return sorted({label for label in found if isinstance(label, str)})
