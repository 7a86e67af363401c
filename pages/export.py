"""Export: a draft as the next prompts_vN.py, proved before it is offered, and ways to take it along."""

from pathlib import Path

import streamlit as st

from pages.shared import markup, shell, state
from pages.shared.bench_versions import bench_versions
from pages.shared.current_version import current_version
from pages.shared.export_into import export_into
from pages.shared.export_steps import export_request, show_slots
from pages.shared.export_ways import delivered, delivered_offer, proof_and_ways
from workbench import project, settings
from workbench.errors import WorkbenchError
from workbench.export.delivery import free_number
from workbench.export.module_file import source_before, twin_of, unified_diff
from workbench.export.offer import draw
from workbench.state import bench

shell.guard()

folder = project.versions_folder(state.dataflow_name())
versions = bench_versions()

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
    request = export_request(variant, versions, reason)
    shipped = delivered_offer(request)
    number = shipped.number if shipped else free_number(request)
    try:
        file = shipped.file if shipped else draw(request, number)
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message}. {error.hint}", 400), icon=":material/error:")
        st.stop()
    st.caption(f"New module: `{folder.relative_to(settings.project())}/{file.name}`")
    twin = twin_of(file, versions.values())
    fine = show_slots(file) and not twin
    if twin:
        why = f"{twin.label} asks just this: there is nothing to export. Edit a prompt on the Workbench page first."
        st.info(why, icon=":material/info:")

with left:
    made = shipped or proof_and_ways(request, number, file, fine)
    delivered()
    export_into(request, fine)
    current_version(versions)

with right:
    diff_tab, file_tab, text_tab = st.tabs(["Diff", "File", "Pull request"])
    change = unified_diff(Path(base.path).name, source_before(base), file.name, file.source)
    diff_tab.code(change or "No difference.", language="diff", wrap_lines=True)
    file_tab.code(file.source, language="python", wrap_lines=True)
    if made:
        text_tab.code(made.text, language="markdown", wrap_lines=True)
    else:
        text_tab.html(markup.empty_html("The text of the pull request comes with the proof.", ()))
