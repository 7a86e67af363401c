"""Lineage: each prompt's texts as a tree with what they gave, and one time line of everything that changed."""

import streamlit as st

from pages.shared import cached, markup, shell, state
from pages.shared.bench_versions import bench_versions
from pages.shared.lineage_days import asked_span, day_fields
from pages.shared.lineage_events import lineage_events
from pages.shared.lineage_line import prompt_line
from pages.shared.lineage_text import lineage_text
from pages.shared.lineage_tree import chosen_node, lineage_tree
from pages.shared.settings_card import readable_prompt
from workbench import project, settings
from workbench.lineage.time_line import time_line

shell.guard()

_VIEWS = {"": "Texts", "changes": "What changed"}
_NO_PROMPT = "No prompt of this dataflow has a text of its own; a version, or a name in Settings, makes one."

dataflow = state.dataflow_name()
versions = bench_versions()
names = list(dict.fromkeys(name for version in versions.values() for name in version.prompts))


state.show("lineage-view", _VIEWS.get(state.address("view"), "Texts"))
with st.container(horizontal=True, vertical_alignment="bottom", key="lineage-bar"):
    view = st.segmented_control(
        "View",
        list(_VIEWS.values()),
        key="lineage-view",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: state.to_address(view="changes" if state.shown("lineage-view") != "Texts" else ""),
    )
    st.space("stretch")
    if view == "Texts" and names:
        state.show("lineage-prompt", asked if (asked := state.address("of")) in names else names[0])
        st.pills(
            "Prompt",
            names,
            format_func=lambda name: markup.plain_label(readable_prompt(name), 60),
            key="lineage-prompt",
            required=True,
            label_visibility="collapsed",
            on_change=lambda: state.to_address(of=str(state.shown("lineage-prompt")), text=""),
        )
    elif view != "Texts":
        day_fields(list(project.dataflows()))

if view != "Texts":
    asked_flows = list(project.dataflows()) if state.address("all") else [dataflow]
    told = {name: versions if name == dataflow else cached.versions(name) for name in asked_flows}
    since, until = asked_span()
    with st.spinner("Reading git, the store and the history", show_time=False):
        lineage_events(time_line(told, cached.history(), settings.project(), since, until))
    st.stop()

if not names:
    st.html(markup.empty_html(_NO_PROMPT, ()))
    st.stop()

line = prompt_line(dataflow, str(state.shown("lineage-prompt")), versions)
node = chosen_node(line)
left, right = st.columns([2, 3], gap="medium")
with left:
    lineage_tree(line, node)
with right:
    lineage_text(line, node, versions)
