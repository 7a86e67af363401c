"""Export: a draft as the next prompts_vN.py, proved before it is written."""

from pathlib import Path

import streamlit as st

from dataflows import DATAFLOWS
from pages.shared import cached, markup, shell, state
from pages.shared.answers import last_experiment
from pages.shared.settings_card import readable_prompt
from workbench import bench, graph, settings
from workbench.errors import WorkbenchError
from workbench.export import ExportFile, next_number, preview, unified_diff, write
from workbench.ran import what_ran
from workbench.records import Variant
from workbench.slot_check import check_template
from workbench.versions import folder_of

shell.guard()

dataflow = DATAFLOWS[cached.DATAFLOW]
folder = folder_of(cached.DATAFLOW, settings.ROOT)


def show_slots(file: ExportFile) -> bool:
    """A line per prompt on its slots; whether all are in order."""
    slots = graph.slots_of(dataflow)
    fine = True
    for prompt in file.prompts:
        parameters = [parameter.name for parameter in prompt.parameters]
        findings = check_template(prompt.template, slots.get(prompt.name, {}), parameters)
        errors = [finding for finding in findings if finding.is_error]
        fine = fine and not errors
        words = "; ".join(finding.message for finding in findings) or "all slots are used"
        icon = ":material/error:" if errors else ":material/check:"
        st.caption(f"{icon} {markup.plain_label(f'{readable_prompt(prompt.name)}: {words}', 300)}")
    return fine


def write_file(file: ExportFile, variant: Variant) -> None:
    """Write it; say what was proved, or what stopped it."""
    ran = what_ran(last_experiment(), variant)
    try:
        path = write(
            file,
            folder,
            root=settings.ROOT,
            dataflow_modules=dataflow.modules,
            ran=ran.prompts,
            inputs=ran.inputs,
            work_folder=settings.home() / "work",
        )
    except WorkbenchError as error:
        state.pass_on("export", ("error", f"{error.message}. {error.hint}".replace("..", ".").strip()))
        return
    compared = "with what was run" if ran.prompts else "with the draft; it has not been run"
    state.pass_on(
        "export",
        (
            "done",
            f"{path.name} is written. In a fresh process it imports, Hamilton builds the dataflow with it, and all "
            f"{len(file.prompts)} prompts are equal, byte for byte, {compared}.",
        ),
    )


versions = cached.versions()
current = state.current_bench(versions)
sources = [*current.drafts, *list(versions)[::-1]]
left, right = st.columns([2, 5], gap="medium")
with left, st.container(border=True, key="export-form"):
    source = st.selectbox("Export", sources, key="export-source", persist_state="session")
    if not current.drafts:
        st.caption("There is no draft yet: edit a prompt on the Workbench page, then export it here.")
    hint = f"edited from {bench.variant(current, source).base}"
    reason = st.text_input("Why this version exists", key="reason", placeholder=hint, persist_state="session")
    number = next_number(folder)
    variant = bench.variant(current, source)
    base = versions[variant.base]
    try:
        file = preview(base, variant.templates, number, reason)
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message}. {error.hint}", 400), icon=":material/error:")
        st.stop()
    st.caption(f"New module: `{folder.relative_to(settings.ROOT)}/{file.name}`")
    changed = dict(variant.templates) != {}
    fine = show_slots(file) and changed
    if not changed:
        st.info(f"{source} is {variant.base} as it stands: there is nothing to export.", icon=":material/info:")
    st.button(
        f"Write {file.name}",
        type="primary",
        icon=":material/edit_document:",
        width="stretch",
        disabled=not fine,
        key="write",
        on_click=write_file,
        args=(file, variant),
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
    match state.passing("export"):
        case ("done", message):
            st.success(markup.plain_label(message, 400), icon=":material/check_circle:")
        case ("error", message):
            st.error(markup.plain_label(message, 600), icon=":material/error:")
with right:
    diff_tab, file_tab = st.tabs(["Diff", "File"])
    old = Path(base.path).name
    diff_tab.code(
        unified_diff(old, base.source, file.name, file.source) or "No difference.", language="diff", wrap_lines=True
    )
    file_tab.code(file.source, language="python", wrap_lines=True)
