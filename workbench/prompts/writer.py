"""Prompts as a Python module: plain functions that return text, for a person to read and Hamilton to run.

Each text stands inside its function's body, because Hamilton's cache looks nowhere else for a change.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from dataflows.templates import SlotUse, TemplateError, escape, parse, wrong_name
from workbench.errors import ExportError
from workbench.prompts.plain_text import parse_plain
from workbench.prompts.provenance import MODEL, PROVENANCE, SCHEMA, Provenance, module_sha256, prompts_sha256
from workbench.prompts.python_text import dictionary, docstring, expression, literal, normal_doc
from workbench.prompts.reader import read_prompts
from workbench.records import Parameter, Prompt

# RUF027 would make f-strings of late slots; ARG001 is for a parameter that a template no longer uses.
_HEADER = "# ruff: noqa: ARG001, E501, RUF027, RUF100"
_LONGEST_NAME = 80
_ONE_LINE = 120


def module_source(
    prompts: Sequence[Prompt],
    doc: str,
    model: Mapping[str, Any] | None = None,
    provenance: Provenance | None = None,
) -> str:
    """The module's source: printable UTF-8, LF, one newline at its end; ruff format leaves it as it is.

    Run by Hamilton, a prompt gives templates.fill_some(template, values of its parameters), byte for byte, as long as
    the values have no braces; read by prompt_reader it gives back the template, its parameters and its docstring.

    Args:
        prompts: At least one; required parameters are written before those with a default.
        doc: The module's docstring.
        model: Pinned with the prompts as the literal MODEL; plain values.
        provenance: Where the prompts come from, as the literal PROVENANCE; its two hashes are filled in here.

    Raises:
        ExportError: A template breaks the grammar, or names clash or can't be Python's.
    """
    _check_names(prompts)
    head = [_HEADER, docstring(doc)] if normal_doc(doc) else [_HEADER]
    source = "\n".join(head) + "\n\n\n" + "\n\n".join(map(function_source, prompts))
    if model:
        source += f"\n\n{MODEL} = {dictionary(model)}\n"
    if provenance is None:
        return source
    asked = replace(provenance, prompts_sha256=prompts_sha256(read_prompts(source).values()), module_sha256="")
    hashed = replace(asked, module_sha256=module_sha256(source + _provenance(asked)))
    return source + _provenance(hashed)


def _provenance(provenance: Provenance) -> str:
    said = {"schema": SCHEMA, **asdict(provenance)}
    return f"\n\n{PROVENANCE} = {dictionary(said)}\n"


def _check_names(prompts: Sequence[Prompt]) -> None:
    if not prompts:
        raise ExportError("there is no prompt to export; at least 1 is needed", "Choose a version with prompts.")
    names = [prompt.name for prompt in prompts]
    _refuse_repeated(names, "two prompts have the name {}")
    for prompt in prompts:
        parameters = [parameter.name for parameter in prompt.parameters]
        _refuse_repeated(parameters, f"two parameters of {prompt.name} have the name {{}}")
        if prompt.name == "str":
            raise ExportError("a prompt named str would hide Python's str from the functions after it", "Rename it.")
        for name in [prompt.name, *parameters]:
            if wrong := _wrong_name(name):
                raise ExportError(f"the name {name[:_LONGEST_NAME]!a} {wrong}", "Rename it in plain letters and _.")
        if clash := set(parameters) & set(names):
            message = f"{prompt.name} has a parameter {min(clash)}, which is also the name of a prompt"
            raise ExportError(message, "Rename the parameter.")


def _refuse_repeated(names: Sequence[str], message: str) -> None:
    name, count = next(iter(Counter(names).most_common(1)), ("", 0))
    if count > 1:
        raise ExportError(message.format(name), "Rename one of them.")


def _wrong_name(name: str) -> str:
    if len(name) > _LONGEST_NAME:
        return f"has {len(name)} characters; at most {_LONGEST_NAME} are allowed"
    return wrong_name(name) or ("" if name.isprintable() else "has characters that can't be seen")


def function_source(prompt: Prompt, name: str = "", decorator: str = "") -> str:
    """One function as module_source writes it, one newline at its end.

    Args:
        prompt: What it gives.
        name: Of the function, where it isn't the prompt's ("answer_prompt__v2").
        decorator: A line above it, without its newline.

    Raises:
        ExportError: The template breaks the grammar.
    """
    doc = normal_doc(prompt.doc) or f"Prompt: {prompt.name.removesuffix('_prompt').replace('_', ' ')}."
    prefix, text = _body(prompt)
    lines = [
        _signature(prompt, name or prompt.name),
        docstring(doc, "    "),
        f"    return {expression(text, prefix)}",
        "",
    ]
    return "\n".join([decorator, *lines] if decorator else lines)


def _signature(prompt: Prompt, name: str) -> str:
    required_first = sorted(prompt.parameters, key=lambda parameter: parameter.default is not None)
    arguments = [_argument(parameter) for parameter in required_first]
    line = f"def {name}({', '.join(arguments)}) -> str:"
    if not arguments or (len(line) <= _ONE_LINE and line.isascii()):
        return line
    return f"def {name}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ") -> str:"


def _argument(parameter: Parameter) -> str:
    if parameter.default is None:
        return f"{parameter.name}: str"
    if "{" in parameter.default or "}" in parameter.default:
        message = f"the default of {parameter.name} has braces, which the dataflow would read as a slot"
        raise ExportError(message, "Take the braces out of the default.")
    return f"{parameter.name}: str = {literal(parameter.default)}"


def _body(prompt: Prompt) -> tuple[str, str]:
    """The prefix and text of the returned literal: an f-string, braces doubled, when a parameter is in the text."""
    early = {parameter.name for parameter in prompt.parameters}
    try:
        pieces = parse_plain(prompt.template, early) if prompt.plain else parse(prompt.template)
    except TemplateError as error:
        message = f"{prompt.name}, {error}"
        raise ExportError(message, f"Correct line {error.line} of {prompt.name}.") from error
    if not any(isinstance(piece, SlotUse) and piece.name in early for piece in pieces):
        return "", prompt.template
    texts = []
    for piece in pieces:
        if isinstance(piece, SlotUse):
            texts.append(f"{{{piece.name}}}" if piece.name in early else f"{{{{{piece.name}}}}}")
        else:
            # Once for the grammar, which the dataflow reads later, and once for the f-string.
            texts.append(escape(piece) if prompt.plain else escape(escape(piece)))
    return "f", "".join(texts)
