"""The experiment that the options of a command describe."""

import argparse
import re
import secrets
from collections.abc import Mapping, Sequence

from workbench.engine.grid import grid_variants
from workbench.errors import UsageError
from workbench.graphs import graph
from workbench.graphs.inputs import input_specs, typed_inputs
from workbench.models.catalog import choice_named, default_choice
from workbench.reading_ahead import bytes_of
from workbench.records import Budget, Document, Experiment, Variant, Version

_CALLS = re.compile(r"([0-9]+)(?: ?calls?)?")
_MONEY = re.compile(r"(?:\$([0-9]*\.?[0-9]+)|([0-9]*\.?[0-9]+) ?usd)", re.I)


def experiment_of(
    options: argparse.Namespace, versions: Mapping[str, Version], documents: Sequence[Document]
) -> Experiment:
    """What `compare` was asked for.

    Raises:
        UsageError: An option makes no sense.
        InputError: A value does not fit its input.
    """
    dataflow = graph.dataflow_named(options.dataflow)
    variants = _variants(options, versions)
    choice = choice_named(options.model) if options.model else default_choice()
    used = {label for own in variants for label in [own.base, *own.prompts_from.values()]}
    specs = input_specs(dataflow, choice, [version for label, version in versions.items() if label in used])
    return Experiment(
        id=secrets.token_urlsafe(16),
        dataflow=options.dataflow,
        model=choice,
        variants=variants,
        documents=tuple(documents),
        inputs=typed_inputs(specs, dict(pair(text, "--input", "NAME=VALUE") for text in options.input)),
        repetitions=options.repeat,
        budget=_budget(options.budget),
        fresh=options.fresh,
    )


def pair(text: str, option: str, form: str) -> tuple[str, str]:
    """ "a=b" as (a, b); UsageError names the option and its form."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"{option} {text!r} is not of the form {form}.")
    return name, value


def _variants(options: argparse.Namespace, versions: Mapping[str, Version]) -> tuple[Variant, ...]:
    drafts = _drafts(options, versions)
    known = {**{label: Variant(label, label) for label in versions}, **drafts}
    grid = dict(pair(text, "--grid", "PROMPT=LABEL,LABEL") for text in options.grid)
    labels = list(dict.fromkeys([*options.variant, *([] if grid else drafts)]))
    for label in labels:
        if label not in known:
            raise UsageError(f"There is no version or draft {label!r}.", f"Versions: {', '.join(versions) or 'none'}.")
    combined = grid_variants({name: text.split(",") for name, text in grid.items()}, known) if grid else ()
    if not labels and not combined:
        raise UsageError("No variant is given.", f"Add --variant with one of: {', '.join(versions)}.")
    return (*(known[label] for label in labels), *combined)


def _drafts(options: argparse.Namespace, versions: Mapping[str, Version]) -> dict[str, Variant]:
    bases = dict(pair(text, "--draft", "LABEL=BASE") for text in options.draft)
    for label in bases:
        if label in versions:
            raise UsageError(f"The draft {label} has the name of a version.", "Give the draft another name.")
    templates: dict[str, dict[str, str]] = {label: {} for label in bases}
    for text in options.set:
        name, value = pair(text, "--set", "LABEL.PROMPT=@FILE")
        label, _, prompt = name.rpartition(".")
        if label not in bases:
            raise UsageError(f"--set names {label!r}, which is no draft.", f"Add --draft {label or 'LABEL'}=v1.")
        templates[label][prompt] = _text_of(value[1:]) if value.startswith("@") else value
    return {label: Variant(label, base, templates[label]) for label, base in bases.items()}


def _text_of(path: str) -> str:
    try:
        return bytes_of(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error


def _budget(texts: Sequence[str]) -> Budget:
    calls: int | None = None
    usd: float | None = None
    for text in texts:
        if match := _CALLS.fullmatch(text.strip()):
            calls = int(match[1])
        elif match := _MONEY.fullmatch(text.strip()):
            usd = float(match[1] or match[2])
        else:
            raise UsageError(
                f"--budget {text!r} is no budget.", "Write a number of calls (40) or of dollars (0.50usd)."
            )
    return Budget(calls, usd)
