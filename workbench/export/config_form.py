"""Prompts as @config.when variants in a module that is there already: `name__v2`, chosen by {"version": "v2"}.

Written by place and not as a syntax tree printed anew, so that the module's other bytes can't change.
"""

import io
import re
import tokenize
from collections.abc import Collection, Sequence

from dataflows.templates import slots, wrong_name
from workbench.errors import ExportError
from workbench.export.config_check import check_added
from workbench.export.config_edits import Edit, apply_edits
from workbench.export.config_module import ConfigModule
from workbench.export.config_stepping import edits_for_room
from workbench.prompts.conditions import node_functions
from workbench.prompts.reader import module_tree
from workbench.prompts.writer import function_source, module_source
from workbench.records import Prompt

_VERSION = re.compile(r"v([1-9][0-9]{0,8})")
_SUFFIX = re.compile(r".+__v([1-9][0-9]{0,8})")
_BOM = "\ufeff"
_NOT_F_STRINGS = "# ruff: noqa: RUF027, RUF100"
_EMPTY_LINES = 2


def add_variants(source: str, prompts: Sequence[Prompt], version: str, key: str = "version") -> str:
    """The module with a function `name__vN` for each prompt, chosen by the config {key: version}.

    Each stands behind the last variant of its name, or at the module's end. All other functions stay byte for byte, but
    for a fallback, which is told to step aside; an unconditional one gets the name `name__default`. Configs without
    this version give what they gave.

    Args:
        source: Text of the module as it is on disk: its newlines unchanged, a byte order mark included.
        prompts: Every prompt that has variants; one left out would have none under this version, and is refused.
        version: "vN", N from 1.
        key: The config key that chooses between variants.

    Raises:
        ExportError: A variant can't be added without changing what other configs give, or a template is broken.
        VersionError: The source is no Python.
    """
    _check_request(prompts, version, key)
    bom = _BOM if source.startswith(_BOM) else ""
    module = ConfigModule(source.removeprefix(_BOM), version, key)
    _refuse_other_encoding(module.source)
    module.refuse_left_out([prompt.name for prompt in prompts])
    renamed: dict[str, str] = {}
    edits = [edit for prompt in prompts for edit in edits_for_room(module, prompt.name, renamed)]
    # A function that goes right before a fallback comes before that one's new decorator.
    new = apply_edits(module.source, [*module.import_edits(), *_new_functions(module, prompts), *edits])
    check_added(
        module.source,
        new,
        changed_lines=module.places.changed_lines(edits),
        renamed=renamed,
        import_line=module.import_line,
        added={f"{prompt.name}__{version}": prompt for prompt in prompts},
        config={key: version},
    )
    return bom + new


def next_config_number(source: str, names: Collection[str], key: str = "version") -> int:
    """One more than the highest N of "vN" in the named prompts' conditions and functions; 1 when there is none.

    Raises:
        VersionError: The source is no Python.
    """
    numbers = [0]
    for own in node_functions(module_tree(source)):
        if own.node not in names and own.function.name.rpartition("__")[0] not in names:
            continue
        given = [condition.values[key] for condition in own.conditions if key in condition.values]
        labels = [label for value in given for label in (value if isinstance(value, tuple) else (value,))]
        found = [_VERSION.fullmatch(label) for label in labels if isinstance(label, str)]
        numbers += [int(match[1]) for match in [*found, _SUFFIX.fullmatch(own.function.name)] if match]
    return max(numbers) + 1


def _check_request(prompts: Sequence[Prompt], version: str, key: str) -> None:
    # Names and templates have the same rules in both forms.
    module_source(prompts, "")
    if not _VERSION.fullmatch(version):
        raise ExportError(f"{version!a} is no version", 'Name it "vN", N being a number from 1.')
    wrong = wrong_name(key) or ("is Hamilton's own word for the node" if key == "name" else "")
    taken = {name for prompt in prompts for name in [prompt.name, *(own.name for own in prompt.parameters)]}
    if key in taken:
        wrong = "is also the name of a prompt or of a parameter, which the config would fill"
    if wrong:
        raise ExportError(f"the config key {key!a} {wrong}", "Choose another key.")


def _refuse_other_encoding(source: str) -> None:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source.encode("utf-8")).readline)
    except SyntaxError:
        encoding = "an unknown encoding"
    if encoding != "utf-8":
        raise ExportError(f"the file says that it is written in {encoding}", "Save it as UTF-8.")


def _new_functions(module: ConfigModule, prompts: Sequence[Prompt]) -> list[Edit]:
    edits: list[Edit] = []
    taken = set()
    head = f"{_NOT_F_STRINGS}\n" if _looks_like_f_string(module, prompts) else ""
    for prompt in prompts:
        decorator = f'@{module.config}.when({module.key}="{module.version}")'
        text = head + function_source(prompt, f"{prompt.name}__{module.version}", decorator)
        at, before, after = _place(module, prompt.name)
        if at in taken:
            before = _EMPTY_LINES
        taken.add(at)
        edits.append(Edit(at, at, module.places.in_lines("\n" * before + text + "\n" * after)))
        head = ""
    return edits


def _place(module: ConfigModule, node: str) -> tuple[int, int, int]:
    """Where a node's new function goes, and how many empty lines before and behind it."""
    places = module.places
    family = module.family(node)
    if not family:
        return len(places.source), max(0, _EMPTY_LINES - places.empty_lines_at_end()), 0
    number = max(own.function.end_lineno or 1 for own in family) + 1
    # A comment further in still belongs to the function.
    while places.line(number)[:1] in (" ", "\t") and places.line(number).lstrip().startswith("#"):
        number += 1
    return places.line_start(number), _EMPTY_LINES, _EMPTY_LINES if places.line(number).strip() else 0


def _looks_like_f_string(module: ConfigModule, prompts: Sequence[Prompt]) -> bool:
    """Whether ruff's RUF027 may take a late slot for a forgotten f, because the module has something of its name."""
    if re.search(r"(?m)^# ruff: noqa:.*\bRUF027\b", module.source):
        return False
    return any(name in module.bindings for prompt in prompts for name in slots(prompt.template))
