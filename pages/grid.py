"""Grid: every combination of the versions of two prompts, run at once and held against a baseline."""

import streamlit as st

from pages.shared import cached, shell, state
from pages.shared.bench_versions import bench_versions
from pages.shared.document_card import document_card
from pages.shared.experiments import counted, experiment_of, is_grid, is_live, last_experiment
from pages.shared.grid_board import baseline_choice, chosen_cells, grid_board
from pages.shared.grid_choice import grid_choice, kept_grid, misfit
from pages.shared.grid_detail import grid_detail
from pages.shared.interrupted import interrupted_runs
from pages.shared.plan_line import plan_line
from pages.shared.repetitions import repetition_choice
from pages.shared.run_bar import run_if_asked, run_or_stop
from pages.shared.settings_card import settings_card, small_model_note
from workbench.state import bench

shell.guard()
SLOT = "grid-experiment"

versions = bench_versions()
prompts = cached.prompt_names(state.dataflow_name())
if len(prompts) < 2:
    st.info("A grid combines the versions of two prompts, and this dataflow does not have two.")
    st.stop()
live = is_live(SLOT)
current = state.current_bench(versions)
offered = bench.offered(current, versions)
known = {label: bench.variant(current, label) for label in offered}
grid = kept_grid(prompts, offered, first=current.labels)
variants = grid.variants(known)
interrupted_runs(versions, SLOT, belongs=is_grid)

with st.container(border=True, key="given"):
    left, right = st.columns([1, 3], vertical_alignment="center" if state.kept("document") else "top")
    with right:
        settings = settings_card([versions[base] for base in dict.fromkeys(known[own].base for own in grid.labels)])
    with left:
        document = document_card(settings.chunk_tokens)
    small_model_note(settings.choice, document)

problem = misfit(grid, settings.repetitions)
run_if_asked(() if problem else variants, settings, document, versions, SLOT)
live = is_live(SLOT)
experiment = None if problem or not document else experiment_of(variants, settings, document)

with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
    with st.container(gap="xsmall"):
        grid_choice(grid, prompts, offered)
    run_or_stop(f"Run {grid.size} combinations", live, not problem, SLOT)
plan_line(experiment, versions, live, SLOT)
if problem:
    st.info(problem, icon=":material/grid_on:")
if not variants:
    st.stop()

labels = [variant.label for variant in variants]
last = last_experiment(SLOT)
plan = counted(experiment, versions, SLOT).plan if experiment else None
baseline, opened = chosen_cells(labels)
with st.container(horizontal=True, vertical_alignment="center", key="grid-bar"):
    st.subheader("Combinations", anchor=False, width="content")
    st.space("stretch")
    repetition = repetition_choice(last.repetitions if last else 1)
    baseline_choice(labels, baseline)
grid_board(grid, labels, document, plan, repetition, live, SLOT)
grid_detail((baseline, opened), last, document, repetition, live, SLOT)
