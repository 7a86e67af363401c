"""What is evaluated: variants or a grid of both prompts, models, repetitions, baseline and judge."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import cached, markup, run_options, state
from pages.shared.evaluate_baseline import baseline_choice, current_label
from pages.shared.evaluate_models import embedding_field, judge_choice, models_choice
from pages.shared.grid_choice import Axis, Grid, grid_choice, kept_grid, misfit
from workbench.datasets.nouns import Dataset
from workbench.engine.grid import BETWEEN
from workbench.evaluation.choice import Choice
from workbench.evaluation.needs import comparisons_of, is_embedded, rubrics_of
from workbench.models import catalog
from workbench.records import Budget, Version
from workbench.state import bench
from workbench.state.bench import Bench


def evaluation_choice(
    path: Path, dataset: Dataset, current: Bench, versions: Mapping[str, Version], more: DeltaGenerator
) -> Choice:
    """Show the form for a dataset; what is chosen in it. It can run when misfit_of has nothing to say.

    Args:
        path: Of the dataset's file.
        dataset: As it was opened.
        current: The bench, with its drafts.
        versions: Label -> version, as read now.
        more: Where that goes which is not always asked.
    """
    columns = st.columns([26, 16, 20, 10, 6], vertical_alignment="bottom", gap="small")
    offered = bench.offered(current, versions)
    prompts = cached.prompt_names(state.dataflow_name())
    with columns[2]:
        models = models_choice()
    with columns[3]:
        repetitions = run_options.repetitions(catalog.choice_named(models[0]) if models else catalog.default_choice())
    with columns[4], st.popover("", icon=":material/tune:", help="Settings", key="settings"):
        fresh = st.toggle(
            "Ask again, whatever is kept", key="evaluate-fresh", help="Makes every call anew and keeps the new answers."
        )
        budget = run_options.budget()
    grid = _grid(prompts, offered, current.labels)
    labels: list[str] = []
    with columns[0]:
        if grid:
            st.html(markup.line_html(f"{grid.size} combinations of both prompts, chosen below", "detail"))
        else:
            first = {current_label(versions), *current.labels}
            labels = _labels(offered, [own for own in offered if own in first])
    variants = _combined(grid) if grid else labels
    with columns[1]:
        baseline = baseline_choice(variants, models, versions)
    with more, st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", key="evaluate-more"):
            if len(prompts) > 1:
                _grid_toggle()
            judged = any(rubrics_of(case) or comparisons_of(case) for case in dataset.cases)
            judge = judge_choice(models) if judged else ""
            embedding = embedding_field() if any(map(is_embedded, dataset.cases)) else ""
        if grid:
            grid_choice(grid, prompts, offered)
    taking_part = grid.labels if grid else labels
    named = state.kept("document") if any(not case.document for case in dataset.cases) else None
    return Choice(
        dataset=str(path),
        dataflow=state.dataflow_name(),
        labels=tuple(labels),
        drafts={own: bench.variant(current, own) for own in taking_part if own not in versions},
        grid={axis.prompt: tuple(axis.labels) for axis in (grid.rows, grid.columns)} if grid else {},
        models=tuple(models),
        baseline=baseline,
        repetitions=repetitions,
        judge=judge,
        embedding=embedding,
        budget=Budget() if budget == Budget() else budget,
        fresh=fresh,
        document=named["sha256"] if named else "",
        document_name=named["name"] if named else "",
    )


def misfit_of(choice: Choice) -> str:
    """Why the choice can't run, as a sentence; empty when it can."""
    if not choice.models:
        return "Choose a model."
    if choice.grid:
        rows, columns = (Axis(prompt, own) for prompt, own in choice.grid.items())
        return misfit(Grid(rows, columns), 1)
    return "" if choice.labels else "Choose a version or a draft to evaluate."


def _labels(offered: Sequence[str], first: Sequence[str]) -> list[str]:
    kept = state.kept("evaluate-labels", list(first))
    state.show("evaluate-labels", [label for label in kept if label in offered])
    chosen = st.multiselect(
        "Versions and drafts",
        offered,
        key="evaluate-labels",
        placeholder="Choose some",
        on_change=state.keep_widget,
        args=("evaluate-labels", "evaluate-labels"),
    )
    return [str(label) for label in chosen]


def _grid(prompts: Sequence[str], offered: Sequence[str], first: Sequence[str]) -> Grid | None:
    wanted = len(prompts) > 1 and state.kept("evaluate-grid", False)
    return kept_grid(prompts, offered, first) if wanted else None


def _grid_toggle() -> None:
    state.show("evaluate-grid", state.kept("evaluate-grid", False))
    st.toggle(
        "Combine both prompts",
        key="evaluate-grid",
        help="Every combination of their versions: what each prompt does by itself, and what they do together.",
        on_change=state.keep_widget,
        args=("evaluate-grid", "evaluate-grid"),
    )


def _combined(grid: Grid) -> list[str]:
    """Labels of the combinations, in the order in which they run."""
    return [BETWEEN.join((one, other)) for one in grid.rows.labels for other in grid.columns.labels]
