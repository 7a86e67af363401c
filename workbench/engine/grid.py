"""All combinations of the versions of several prompts, as variants of one experiment."""

import itertools
from collections.abc import Mapping, Sequence

from workbench.errors import UsageError
from workbench.records import Variant

MOST_COMBINATIONS = 100
BETWEEN = " × "
"""Stands between the labels of a combination; no version or draft has it in its own."""


def grid_variants(rows: Mapping[str, Sequence[str]], known: Mapping[str, Variant]) -> tuple[Variant, ...]:
    """A variant per combination, labelled "v1 × v3" in the order of the prompts; the last prompt varies fastest.

    Prompts that are not named come from what stands for the first.

    Args:
        rows: Prompt name -> labels of versions or drafts to try for it, each once.
        known: Label -> the version or draft as a variant of its own.

    Raises:
        UsageError: A label is not known, or there are more combinations than 100.
    """
    for label in itertools.chain(*rows.values()):
        if label not in known:
            raise UsageError(f"There is no version or draft {label!r}.", f"There are: {', '.join(known)}.")
    choices = [list(dict.fromkeys(labels)) for labels in rows.values()]
    combinations = list(itertools.product(*choices))
    if len(combinations) > MOST_COMBINATIONS:
        hint = "Choose fewer versions of one prompt."
        raise UsageError(f"{len(combinations)} combinations are asked for; at most {MOST_COMBINATIONS} run.", hint)
    return tuple(_combined(dict(zip(rows, labels, strict=True)), known) for labels in combinations)


def _combined(labels: Mapping[str, str], known: Mapping[str, Variant]) -> Variant:
    first = known[next(iter(labels.values()))]
    templates = {name: text for name, text in first.templates.items() if name not in labels}
    templates |= {name: known[own].templates[name] for name, own in labels.items() if name in known[own].templates}
    others = {name: known[own].base for name, own in labels.items() if known[own].base != first.base}
    return Variant(BETWEEN.join(labels.values()), first.base, templates, first.inputs, others)
