"""Workbench: edit prompts side by side, run them on one PDF, read what changed."""

import streamlit as st

from pages.shared import cached, shell, state
from pages.shared.answers import answer_cards
from pages.shared.document_card import document_card
from pages.shared.editors import column_choice, editors, prompt_switch, undo_discard
from pages.shared.experiments import experiment_of, is_grid, is_live
from pages.shared.interrupted import interrupted_runs
from pages.shared.plan_line import plan_line
from pages.shared.run_bar import ask_to_run, run_if_asked, run_or_stop
from pages.shared.settings_card import settings_card, small_model_note
from pages.shared.what_changed import what_changed
from workbench.state import bench

shell.guard()

versions = cached.versions()
if not versions:
    st.info("There is no prompt version yet: add prompts_v1.py to the dataflow's folder in prompts/.")
    st.stop()
live = is_live()
current = state.current_bench(versions)
variants = [bench.variant(current, label) for label in current.labels]
bases = {current.drafts[label].base if label in current.drafts else label for label in current.labels}

interrupted_runs(versions, belongs=lambda experiment: not is_grid(experiment))
with st.container(border=True, key="given"):
    left, right = st.columns([1, 3], vertical_alignment="center" if state.kept("document") else "top")
    with right:
        settings = settings_card([versions[label] for label in bases])
    with left:
        document = document_card(settings.chunk_tokens)
    small_model_note(settings.choice, document)

run_if_asked(variants, settings, document, versions)
live = is_live()

with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
    column_choice(current, versions)
    undo_discard(versions)
    st.space("stretch")
    prompt = prompt_switch(cached.prompt_names())
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
