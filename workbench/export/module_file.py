"""A draft as the next prompts_vN.py: made, shown as a difference, proved, and written without touching another file."""

import difflib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dataflows.templates import fill_some
from workbench.errors import ExportError
from workbench.export.new_file import create, give_name
from workbench.export.proof import prove_file
from workbench.export.proof_lines import ProofLine
from workbench.export.ran import Cases
from workbench.prompts.plain_text import as_plain, fill_plain
from workbench.prompts.provenance import Provenance, read_model
from workbench.prompts.reader import function_names, read_prompts
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt, Version

_NAME = re.compile(r"prompts_v([1-9][0-9]*)\.py")


@dataclass(frozen=True)
class ExportFile:
    """A prompt module that is not written yet."""

    name: str
    """"prompts_v4.py"."""
    source: str
    prompts: tuple[Prompt, ...]
    """As they are read out of the source."""


def next_number(folder: Path) -> int:
    """One more than the highest N of the folder's prompts_vN.py; 1 when there is none, or no folder."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return 1 + max((int(found[1]) for found in map(_NAME.fullmatch, names) if found), default=0)


def preview(
    base: Version,
    templates: Mapping[str, str],
    number: int,
    reason: str,
    model: Mapping[str, Any] | None = None,
    provenance: Provenance | None = None,
) -> ExportFile:
    """The file that version `number` would be: the base's prompts with some templates replaced.

    Args:
        base: The version the draft began as.
        templates: Prompt name -> edited template.
        number: Of the new version.
        reason: Why it exists, for the first line of the file; may be empty.
        model: Pinned with the prompts; None: the one that the base has, if it has one.
        provenance: Where they come from.

    Raises:
        ExportError: A template breaks the grammar, or the base has something that can't be written as a text.
    """
    if unknown := sorted(set(templates) - set(base.prompts)):
        raise ExportError(f"{base.label} has no prompt {unknown[0]}", f"Edit one of {', '.join(base.prompts)}.")
    functions = function_names(base.source) if base.origin == "module" else []
    if lost := [name for name in functions if name not in base.prompts]:
        message = f"{base.label} has a function {lost[0]} that is no prompt; the new file would not have it"
        raise ExportError(message, f"Copy {Path(base.path).name} to prompts_v{number}.py and edit it by hand.")
    prompts = []
    for name, prompt in base.prompts.items():
        if prompt.reason and name not in templates:
            message = f"{name} of {base.label} can't be written as a text: {prompt.reason}"
            raise ExportError(message, f"Give {name} a text in the draft, then export it.")
        prompts.append(replace(prompt, template=templates.get(name, prompt.template)))
    doc = " ".join(reason.split()) or f"edited from {base.label}"
    source = module_source(prompts, f"v{number}: {doc}", model or read_model(base.source), provenance)
    read = read_prompts(source, list(base.prompts))
    told = (as_plain(own) if base.prompts[name].plain else own for name, own in read.items())
    return ExportFile(f"prompts_v{number}.py", source, tuple(told))


def source_before(base: Version) -> str:
    """What the new file is compared with: the base's file, or its prompts alone where that is a whole dataflow."""
    texts = [prompt for prompt in base.prompts.values() if not prompt.reason]
    return base.source if base.origin == "module" or not texts else module_source(texts, base.label)


def twin_of(file: ExportFile, versions: Iterable[Version]) -> Version | None:
    """The newest version that asks just what the file asks; None when there is none. Docstrings don't count.

    The model that is pinned counts: the same prompts for another model are another version.
    """
    asked, model = _asked(file.prompts), read_model(file.source)
    for own in sorted(versions, key=lambda version: -version.number):
        if own.prompts and _asked(own.prompts.values()) == asked and model in (None, read_model(own.source)):
            return own
    return None


def _asked(prompts: Iterable[Prompt]) -> dict[str, tuple[str, tuple[Parameter, ...], str]]:
    return {prompt.name: (prompt.template, prompt.parameters, prompt.reason) for prompt in prompts}


def unified_diff(old_name: str, old_source: str, new_name: str, new_source: str) -> str:
    """The change between two sources as `diff -u` writes it; empty when there is none."""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", source) for source in (old_source, new_source))
    lines = difflib.unified_diff(old, new, old_name, new_name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def expected_values(file: ExportFile, inputs: Mapping[str, str]) -> dict[str, str]:
    """Prompt name -> what the prompt gives in a run with these inputs.

    Raises:
        ExportError: A parameter has neither a value nor a default.
    """
    values = {}
    for prompt in file.prompts:
        filled = {}
        for parameter in prompt.parameters:
            value = inputs.get(parameter.name, parameter.default)
            if value is None:
                message = f"{prompt.name} asks for {parameter.name}, which has no value"
                raise ExportError(message, f"Give {parameter.name} a value, then export.")
            filled[parameter.name] = value
        fill = fill_plain if prompt.plain else fill_some
        values[prompt.name] = fill(prompt.template, filled)
    return values


def write(
    file: ExportFile,
    folder: Path,
    *,
    root: Path,
    dataflow_modules: Sequence[str],
    ran: Mapping[str, str],
    inputs: Mapping[str, str],
    work_folder: Path,
    cases: Cases | None = None,
) -> tuple[Path, tuple[ProofLine, ...]]:
    """The path of the written file, and its proof, made before it gets its name; on failure nothing is left.

    Args:
        file: What preview gave.
        folder: The dataflow's prompts; inside root.
        root: The project.
        dataflow_modules: Of the dataflow, by import name.
        ran: Prompt name -> its value in the run that is exported; prompts not named are compared with their template.
        inputs: Values of the prompts' parameters in that run; those with a default may be left out.
        work_folder: Where the file waits for its proof; made when missing.
        cases: What was run with the prompts, to be run again.

    Raises:
        ExportError: The file exists, would stand outside of folder, or gives something else than what was run.
    """
    target = _target(file, folder, root)
    if os.path.lexists(target):
        raise _exists(target)
    prompts = {**expected_values(file, inputs), **ran}
    asked = {parameter.name for prompt in file.prompts for parameter in prompt.parameters}
    values = {name: value for name, value in inputs.items() if name in asked}
    work_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work_folder) as folder_name:
        waiting = Path(folder_name, target.name)
        create(waiting, file.source.encode("utf-8"))
        proof = prove_file(waiting, dataflow_modules, prompts, values, root, cases)
        try:
            give_name(waiting, target)
        except FileExistsError as error:
            raise _exists(target) from error
    return target, proof


def _target(file: ExportFile, folder: Path, root: Path) -> Path:
    if not _NAME.fullmatch(file.name):
        raise ExportError(f"{file.name!a} is no name of a version", "Name it prompts_vN.py, N being a number from 1.")
    if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
        raise ExportError(f"{folder.name!a} is no folder of the project", "Choose a folder under prompts.")
    return folder.resolve() / file.name


def _exists(target: Path) -> ExportError:
    number = next_number(target.parent)
    return ExportError(f"{target.name} exists already", f"Export it as prompts_v{number}.py, the next free one.")
