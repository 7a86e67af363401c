"""Dataflow: the DAG as Hamilton draws it; what a node is, and what a prompt reaches."""

import streamlit as st

from dataflows import DATAFLOWS
from pages.shared import cached, markup, shell, state
from pages.shared.dag_view import dag_view
from pages.shared.node_card import node_card
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.graphs.dot import dot_text
from workbench.graphs.forms import FORMS, Form, driver_of, facts_of, reached_by
from workbench.graphs.sharing import shared_nodes

shell.guard()

FORM_LABELS: dict[Form, str] = {
    "inputs": "Prompts as inputs",
    "one module": "In the dataflow's module",
    "version": "In the module of a version",
}
dataflow = DATAFLOWS[cached.DATAFLOW]


versions = cached.versions()
if not versions:
    st.info("There is no prompt version yet: add prompts_v1.py to the dataflow's folder in prompts/.")
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", key="dataflow-bar"):
    form: Form = st.segmented_control(
        "Form",
        FORMS,
        default="version",
        format_func=lambda form: FORM_LABELS[form],
        key="form",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    label = st.selectbox(
        "Version",
        list(versions),
        index=len(versions) - 1,
        key="dataflow-version",
        label_visibility="collapsed",
        width=110,
        disabled=form == "inputs",
        persist_state="session",
    )
    top_down = st.toggle("Top down", key="top-down", persist_state="session")
    with_inputs = st.toggle("Inputs", key="with-inputs", persist_state="session")

try:
    built = driver_of(dataflow, form, versions[label], {})
except WorkbenchError as error:
    st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
    st.stop()

prompts = graph.prompt_names(built)
chosen = state.kept("node") if state.kept("node") in built.graph.nodes else None
dot = dot_text(
    built,
    prompts=prompts,
    outputs=[graph.output_name(built)],
    shared=shared_nodes(built),
    show_inputs=with_inputs,
    orient="TB" if top_down else "LR",
)
dag_view(
    "dag",
    dot=dot,
    selected=chosen,
    lit=reached_by(built, chosen) if chosen in prompts else [],
    height=560 if top_down else 300,
    on_select=lambda name: state.keep("node", name),
)
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
    node_card(facts, versions, chosen in prompts)
