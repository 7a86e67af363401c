"""Dataflow: the DAG as Hamilton draws it, and the place to edit a prompt and see what a run will do, does and did."""

import streamlit as st

from pages.shared import cached, markup, shell, state
from pages.shared.bench_versions import bench_versions
from pages.shared.dag_view import dag_view
from pages.shared.experiments import current_job, experiment_of, is_live
from pages.shared.given import given_card
from pages.shared.graph_bar import drawn_form, legend, variant_choice
from pages.shared.graph_marks import cell_of, live_marks, marks, source_marks
from pages.shared.node_card import node_head, node_source, node_values
from pages.shared.plan_line import plan_line
from pages.shared.prompt_node import prompt_node, why_prompt
from pages.shared.run_bar import ask_to_run, run_if_asked, run_or_stop
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.graphs.dot import dot_text
from workbench.graphs.forms import driver_of, facts_of, reached_by
from workbench.graphs.sharing import shared_nodes
from workbench.state import bench

shell.guard()

_POLL_SECONDS = 0.5
dataflow = cached.dataflow(state.dataflow_name())
versions = bench_versions()
current = state.current_bench(versions)
variants = [bench.variant(current, label) for label in current.labels]

with st.expander("Document and settings", expanded=not state.kept("document"), key="graph-given"):
    settings, document = given_card(current, versions)
run_if_asked(variants, settings, document, versions)
live = is_live()

with st.container(horizontal=True, vertical_alignment="center", key="dataflow-bar"):
    column = variant_choice(current)
    form, top_down, with_inputs = drawn_form()
    st.space("stretch")
    run_or_stop(f"Run {len(variants)} variants", live, len(variants) > 1)
variant = bench.variant(current, column.label)
wanted = experiment_of(variants, settings, document) if document and len(variants) > 1 else None
plan_line(wanted, versions, live)

try:
    built = driver_of(dataflow, form, versions[variant.base], {}, typed=variant.templates)
    output = graph.output_name(built, dataflow)
except WorkbenchError as error:
    st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
    st.stop()

prompts = graph.prompt_names(built, dataflow)
chosen = state.kept("node") if state.kept("node") in built.graph.nodes else None
reached = reached_by(built, chosen) if chosen in prompts else []
dot = dot_text(
    built,
    prompts=prompts,
    outputs=[output],
    shared=shared_nodes(built, dataflow),
    show_inputs=with_inputs,
    orient="TB" if top_down else "LR",
)
cell = cell_of(wanted, versions, variant.label) if wanted and not live else None


@st.fragment(run_every=_POLL_SECONDS if live else None)
def drawing() -> None:
    """Draws its marks anew while something runs; where the nodes are does not change."""
    found, past = {}, live
    if live and document:
        found = live_marks(variant.label, current.labels[0], document)
    elif wanted and cell and not isinstance(cell, WorkbenchError):
        found, past = marks(built, wanted, cell, variant.label, variant.base, current.labels[0])
    dag_view(
        "dag",
        dot=dot,
        selected=chosen,
        lit=reached,
        marks={**found, **source_marks(prompts, variant, versions)},
        height=560 if top_down else 320,
        on_select=lambda name: state.keep("node", name),
    )
    legend(found, past)
    if (now := state.kept("node")) != chosen and now in built.graph.nodes:
        st.rerun()  # a click in here draws only what is in here
    if live and not ((job := current_job()) and job.live):
        st.rerun()  # once: the whole page is drawn anew, without polling


drawing()
names = [name for name, node in built.graph.nodes.items() if not node.user_defined or name in prompts or with_inputs]
with st.container(horizontal=True, vertical_alignment="center"):
    state.show("node-box", chosen)
    st.selectbox(
        "Node",
        sorted(names),
        key="node-box",
        placeholder="Choose a node here, or in the drawing",
        label_visibility="collapsed",
        width=360,
        on_change=state.keep_widget,
        args=("node", "node-box"),
    )
    nodes = sum(not node.user_defined for node in built.graph.nodes.values())
    st.caption(f"{nodes} nodes · {len(prompts)} prompts · click a node, or Tab to it and press Enter")

if chosen and (facts := facts_of(built, chosen)):
    with st.container(border=True, key="node"):
        node_head(facts, why_prompt(chosen))
        if chosen in prompts:
            prompt_node(chosen, current, column, versions, cell, reached, on_run=ask_to_run)
        else:
            node_values(chosen, current.labels, document)
        node_source(facts)
