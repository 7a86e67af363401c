"""Workbench: edit prompts side by side, run them on one PDF, read what changed."""

import streamlit as st

from pages.shared import cached, shell, state
from pages.shared.answers import answer_cards
from pages.shared.bench_versions import bench_versions
from pages.shared.editors import column_choice, editors, prompt_switch, undo_discard
from pages.shared.experiments import experiment_of, is_grid, is_live
from pages.shared.given import given_card
from pages.shared.interrupted import interrupted_runs
from pages.shared.plan_line import plan_line
from pages.shared.run_bar import ask_to_run, run_if_asked, run_or_stop
from pages.shared.what_changed import what_changed
from workbench.state import bench

shell.guard()

versions = bench_versions()
live = is_live()
current = state.current_bench(versions)
variants = [bench.variant(current, label) for label in current.labels]

interrupted_runs(versions, belongs=lambda experiment: not is_grid(experiment))
settings, document = given_card(current, versions)

run_if_asked(variants, settings, document, versions)
live = is_live()

with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
    column_choice(current, versions)
    undo_discard(versions)
    st.space("stretch")
    prompt = prompt_switch(cached.prompt_names(state.dataflow_name()))
    run_or_stop(f"Run {len(variants)} variants", live, len(variants) > 1)
wanted = experiment_of(variants, settings, document) if document and len(variants) > 1 else None
with st.container(horizontal=True, vertical_alignment="center", key="beneath-toolbar"):
    st.page_link("pages/grid.py", label="Combine in a grid", icon=":material/grid_on:", width="content")
    plan_line(wanted, versions, live)

if len(variants) < 2:
    st.info("Choose at least two variants above to compare them.", icon=":material/compare:")
editors(current, versions, prompt, on_run=ask_to_run)
answer_cards(current.labels, document, live)
what_changed(current, versions, prompt, document)
