"""Which versions of two prompts make the grid; kept in the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.shared import state
from pages.shared.settings_card import readable_prompt
from workbench.engine.grid import grid_variants
from workbench.records import Variant

MOST_RUNS = 30
"""Combinations x repetitions; a person can't take in more."""


@dataclass(frozen=True)
class Axis:
    """A prompt of the chain and the versions and drafts of it that are tried."""

    prompt: str
    """Its node."""
    labels: Sequence[str]

    @property
    def name(self) -> str:
        """The prompt's name for people."""
        return readable_prompt(self.prompt)


@dataclass(frozen=True)
class Grid:
    """All combinations of two prompts' versions."""

    rows: Axis
    columns: Axis

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return len(self.rows.labels) * len(self.columns.labels)

    @property
    def labels(self) -> list[str]:
        """Of the versions and drafts that take part, each once."""
        return list(dict.fromkeys([*self.rows.labels, *self.columns.labels]))

    def variants(self, known: Mapping[str, Variant]) -> tuple[Variant, ...]:
        """One per combination, row by row; labelled "v1 × v3". None when there are more than can run.

        Args:
            known: Label -> the version or draft as a variant of its own.
        """
        if not 0 < self.size <= MOST_RUNS:
            return ()
        return grid_variants({axis.prompt: axis.labels for axis in (self.rows, self.columns)}, known)


def misfit(grid: Grid, repetitions: int) -> str:
    """Why a grid can't run, as a sentence; empty when it can."""
    for axis in (grid.rows, grid.columns):
        if not axis.labels:
            return f"Choose the versions of {axis.name} to combine."
    if grid.size < 2:
        return "One combination is chosen; choose another version of one of the prompts."
    if (runs := grid.size * repetitions) > MOST_RUNS:
        times = f" × {repetitions} repetitions" if repetitions > 1 else ""
        fewer = "versions or repetitions" if repetitions > 1 else "versions"
        return f"{grid.size} combinations{times} are {runs} runs; at most {MOST_RUNS} can be run. Choose fewer {fewer}."
    return ""


def kept_grid(prompts: Sequence[str], offered: Sequence[str], first: Sequence[str]) -> Grid:
    """The grid this workspace has chosen.

    Args:
        prompts: The prompts of the dataflow, in the order of the chain; two at least.
        offered: Labels of the versions and drafts there are.
        first: The labels to begin with.
    """
    kept = state.kept("grid", {})
    chosen = [name for name in kept.get("prompts", ()) if name in prompts]
    pair = chosen if len(chosen) == 2 else prompts[:2]
    labels = {name: kept.get("labels", {}).get(name, first) for name in pair}
    axes = [Axis(name, [own for own in offered if own in labels[name]]) for name in pair]
    return Grid(axes[0], axes[1])


def grid_choice(grid: Grid, prompts: Sequence[str], offered: Sequence[str]) -> None:
    """Choose the versions of each of the two prompts; where the chain has more prompts, which two."""
    if len(prompts) > 2:
        _which_two(grid, prompts)
    for axis, place in ((grid.rows, "down"), (grid.columns, "across")):
        with st.container(horizontal=True, vertical_alignment="center", key=f"axis-{place}"):
            st.markdown(f"**{axis.name}**", width=240, help=f"`{axis.prompt}`, {place} the grid")
            key = f"grid-{axis.prompt}"
            state.show(key, list(axis.labels))
            st.pills(
                axis.name,
                offered,
                selection_mode="multi",
                key=key,
                label_visibility="collapsed",
                on_change=_choose,
                args=(axis.prompt, key),
            )


def _choose(prompt: str, key: str) -> None:
    kept = state.kept("grid", {})
    state.keep("grid", {**kept, "labels": {**kept.get("labels", {}), prompt: list(state.shown(key, []))}})


def _which_two(grid: Grid, prompts: Sequence[str]) -> None:
    pair = (grid.rows.prompt, grid.columns.prompt)

    def swap(at: int) -> None:
        wanted = state.shown(f"grid-prompt-{at}")
        other = pair[1 - at] if wanted != pair[1 - at] else pair[at]
        state.keep("grid", {**state.kept("grid", {}), "prompts": [wanted, other] if at == 0 else [other, wanted]})

    with st.container(horizontal=True, key="grid-prompts"):
        for at, title in enumerate(("Down", "Across")):
            key = f"grid-prompt-{at}"
            state.show(key, pair[at])
            st.selectbox(title, prompts, format_func=readable_prompt, key=key, width=320, on_change=swap, args=(at,))
    st.caption(f"The other prompts are those of the version chosen for {grid.rows.name}.")
