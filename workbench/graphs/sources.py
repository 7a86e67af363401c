"""All versions of a dataflow, from whichever source its prompts come."""

import hashlib
import linecache
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hamilton import node

from dataflows import Dataflow
from dataflows.templates import TemplateError, parse
from workbench import project, settings
from workbench.errors import DataflowError, VersionError
from workbench.graphs import graph
from workbench.graphs.default_config import alternatives
from workbench.prompts.finding import FoundPrompt
from workbench.prompts.opening import Opened, open_source
from workbench.prompts.plain_text import as_plain
from workbench.prompts.reader import module_doc
from workbench.prompts.stored import stored_versions
from workbench.prompts.versions import read_version, versions_in
from workbench.records import Origin, Prompt, Version

CODE = "code"
"""Name of the version that the dataflow's own modules hold."""


def versions_of_dataflow(name: str) -> dict[str, Version]:
    """Label -> version as it is now: of the dataflow's own modules, of prompts_vN.py by rising number, of the store.

    Own modules give one version for each config that their prompts name ("version=v2"), or one called "code" when they
    name none. Files that don't parse are there without prompts; of a dataflow that can't be built, only its files are.
    """
    folder = project.versions_folder(name)
    try:
        dataflow = graph.dataflow_named(name)
        found = graph.prompts_of(graph.build(dataflow, None, {}), dataflow)
        versions = {**_own_versions(name, dataflow), **versions_in(name, folder, also=found), **_stored(name, found)}
    except DataflowError:
        return versions_in(name, folder)
    return {label: _as_used(version, found) for label, version in versions.items()}


def _stored(name: str, found: Mapping[str, FoundPrompt]) -> dict[str, Version]:
    """With the prompts that the dataflow has; a store may hold others, of services that are ahead."""
    fitting = {}
    for label, version in stored_versions(name).items():
        if prompts := {own: prompt for own, prompt in version.prompts.items() if own in found}:
            fitting[label] = replace(version, prompts=prompts)
    return fitting


def version_from(name: str, number: int, path: Path) -> Version:
    """A file as a version of the dataflow, as versions_of_dataflow would give it.

    Raises:
        DataflowError: The dataflow can't be built.
        VersionError: The file can't be read.
    """
    dataflow = graph.dataflow_named(name)
    found = graph.prompts_of(graph.build(dataflow, None, {}), dataflow)
    return _as_used(read_version(name, number, path, also=found), found)


def _as_used(version: Version, found: Mapping[str, FoundPrompt]) -> Version:
    """With its prompts told apart by what the dataflow does to their braces."""
    told = {
        name: as_plain(own) for name, own in version.prompts.items() if name in found and _is_plain(own, found[name])
    }
    return replace(version, prompts={**version.prompts, **told}) if told else version


def _is_plain(prompt: Prompt, found: FoundPrompt) -> bool:
    """Whether braces are braces to the dataflow, or mean more to it than our grammar knows."""
    if found.filling != "format":
        return True
    try:
        parse(prompt.template)
    except TemplateError:
        return not settings.is_own_project()
    return False


def _own_versions(name: str, dataflow: Dataflow) -> dict[str, Version]:
    found: dict[str, Version] = {}
    for config in _configs(dataflow) or [{}]:
        label = ",".join(f"{key}={value}" for key, value in config.items()) or CODE
        version = _version(name, dataflow, label, config)
        if any(prompt.reason or prompt.template or prompt.line for prompt in version.prompts.values()):
            found[label] = version
    return found


def _configs(dataflow: Dataflow) -> list[dict[str, Any]]:
    """The configs that prompts of its modules are for, in the order they stand; none when they are for all."""
    prompts = set(graph.prompt_names(graph.build(dataflow, None, {}), dataflow))
    configs: list[dict[str, Any]] = []
    for module in graph.modules_of(dataflow):
        for name, functions in alternatives(module).items():
            if name in prompts or functions[0].is_prompt:
                configs += [config for own in functions if (config := own.smallest_config())]
    return [config for index, config in enumerate(configs) if config not in configs[:index]]


def _version(name: str, dataflow: Dataflow, label: str, config: Mapping[str, Any]) -> Version:
    built = graph.build(dataflow, None, config)
    prompts: dict[str, Prompt] = {}
    paths: list[str] = []
    for prompt in graph.prompt_names(built, dataflow):
        prompts[prompt], path = _prompt(built.graph.nodes[prompt])
        paths += [path] if path else []
    path = paths[0] if paths else graph.modules_of(dataflow)[0].__file__ or ""
    source = _source(path)
    sha256 = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    origin: Origin = "config" if config else "dataflow"
    return Version(name, 0, path, module_doc(source), prompts, source, sha256, origin, label, dict(config))


def _prompt(found: node.Node) -> tuple[Prompt, str]:
    """A prompt as the dataflow's own code has it, and the file it stands in; empty for an input without a default."""
    if found.user_defined:
        defaults = [own.default_parameter_values.get(found.name) for own in found.depended_on_by]
        return Prompt(found.name, next((own for own in defaults if isinstance(own, str)), "")), ""
    for function in found.originating_functions or ():
        code = function.__code__
        try:
            for own in _opened(_source(code.co_filename), code.co_name):
                return own.prompt, code.co_filename
        except VersionError:
            continue
    return Prompt(found.name, "", reason="it is computed by the dataflow"), ""


def _opened(source: str, function: str) -> Sequence[Opened]:
    return [own for own in open_source(source, names=[function]) if own.function == function]


def _source(path: str) -> str:
    return "".join(linecache.getlines(path))
