"""Export: a draft as the next prompts_vN.py, proved before it is written."""

from pathlib import Path

import streamlit as st

from pages.shared import cached, markup, shell, state
from pages.shared.export_steps import show_outcome, show_slots, write_file
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.export.module_file import next_number, preview, twin_of, unified_diff
from workbench.prompts.versions import folder_of
from workbench.state import bench

shell.guard()

folder = folder_of(cached.DATAFLOW, settings.ROOT)
versions = cached.versions()
if not versions:
    st.info("There is no prompt version yet: add prompts_v1.py to the dataflow's folder in prompts/.")
    st.stop()

current = state.current_bench(versions)
left, right = st.columns([2, 5], gap="medium")

with left, st.container(border=True, key="export-form"):
    source = st.selectbox(
        "Export",
        [*bench.drafts_of(current, versions), *list(versions)[::-1]],
        key="export-source",
        persist_state="session",
        on_change=lambda: state.pass_on("export", None),
    )
    variant = bench.variant(current, source)
    base = versions[variant.base]
    reason = st.text_input(
        "Why this version exists", key="reason", placeholder=f"edited from {base.label}", persist_state="session"
    )
    if not base.prompts:
        st.error(markup.plain_label(f"{Path(base.path).name} has no prompts: {base.doc}", 400), icon=":material/error:")
        st.stop()
    try:
        file = preview(base, variant.templates, next_number(folder), reason)
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message}. {error.hint}", 400), icon=":material/error:")
        st.stop()
    st.caption(f"New module: `{folder.relative_to(settings.ROOT)}/{file.name}`")
    twin = twin_of(file, versions.values())
    fine = show_slots(file) and not twin
    if twin:
        why = f"{twin.label} asks just this: there is nothing to export. Edit a prompt on the Workbench page first."
        st.info(why, icon=":material/info:")
    st.button(
        f"Write {file.name}",
        type="primary",
        icon=":material/edit_document:",
        width="stretch",
        disabled=not fine,
        key="write",
        on_click=write_file,
        args=(file, variant, folder),
    )
    st.download_button(
        f"Download {file.name}",
        file.source.encode(),
        file.name,
        "text/x-python",
        icon=":material/download:",
        width="stretch",
        on_click="ignore",
        disabled=not fine,
    )

with left:
    show_outcome()

with right:
    diff_tab, file_tab = st.tabs(["Diff", "File"])
    change = unified_diff(Path(base.path).name, base.source, file.name, file.source)
    diff_tab.code(change or "No difference.", language="diff", wrap_lines=True)
    file_tab.code(file.source, language="python", wrap_lines=True)
