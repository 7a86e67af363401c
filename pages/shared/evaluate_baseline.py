"""What the other variants are held against: the current version, unless another one is chosen."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.shared import markup, state
from workbench import project
from workbench.engine.grid import BETWEEN
from workbench.errors import WorkbenchError
from workbench.prompts.current import current_of
from workbench.records import Version

_NONE = "–"
"""Stands for no baseline in the workspace, as an empty text stands for no choice yet."""


def current_label(versions: Mapping[str, Version]) -> str:
    """Label of the version that is in production; empty where none is named, or its file is gone."""
    try:
        number = current_of(project.versions_folder(state.dataflow_name()))
    except WorkbenchError:  # current.py is no Python: the Export page says so
        return ""
    return next((label for label, own in versions.items() if own.number and own.number == number), "")


def baseline_choice(variants: Sequence[str], models: Sequence[str], versions: Mapping[str, Version]) -> str:
    """Ask which column is the baseline; its label, empty for none.

    Args:
        variants: Labels, of versions, drafts or combinations.
        models: Names; where there are several, a column is a variant with one of them.
        versions: Label -> version, as read now.
    """
    labels = [f"{own} @ {model}" for model in models for own in variants] if len(models) > 1 else list(variants)
    current = current_label(versions)
    kept = state.kept("evaluate-baseline", "")
    shown = kept if kept in [*labels, _NONE] else _default(labels, current)
    state.show("evaluate-baseline", shown)
    chosen = st.selectbox(
        "Baseline",
        [*labels, _NONE],
        format_func=lambda label: "none" if label == _NONE else label,
        key="evaluate-baseline",
        help=_help(current),
        on_change=state.keep_widget,
        args=("evaluate-baseline", "evaluate-baseline"),
    )
    return "" if chosen == _NONE else str(chosen)


def _default(labels: Sequence[str], current: str) -> str:
    wanted = {current, f"{current}{BETWEEN}{current}"} if current else set()
    plain = {label: label.partition(" @ ")[0] for label in labels}
    return next((label for label in labels if plain[label] in wanted), labels[0] if labels else _NONE)


def _help(current: str) -> str:
    if current:
        return f"What the others are held against. In production is {markup.plain_label(current)}."
    return "What the others are held against. No version is named as current, so the first one is, until you choose."
