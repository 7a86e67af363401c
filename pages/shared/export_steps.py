"""Two steps of an export: are the slots in order, and write what was previewed."""

from pathlib import Path

import streamlit as st

from dataflows import DATAFLOWS
from pages.shared import cached, markup, state
from pages.shared.experiments import last_experiment
from pages.shared.settings_card import readable_prompt
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.export.module_file import ExportFile, write
from workbench.export.ran import what_ran
from workbench.graphs import graph
from workbench.prompts.slot_check import check_template
from workbench.records import Variant


def show_slots(file: ExportFile) -> bool:
    """A line per prompt on its slots; whether all are in order."""
    slots = graph.slots_of(DATAFLOWS[cached.DATAFLOW])
    fine = True
    for prompt in file.prompts:
        parameters = [parameter.name for parameter in prompt.parameters]
        findings = check_template(prompt.template, slots.get(prompt.name, {}), parameters)
        errors = [finding for finding in findings if finding.is_error]
        fine = fine and not errors
        words = "; ".join(finding.message for finding in findings) or "all slots are used"
        icon = ":material/error:" if errors else ":material/check:"
        st.caption(f"{icon} {markup.plain_label(f'{readable_prompt(prompt.name)}: {words}', 300)}")
    missing = [name for name in cached.prompt_names() if name not in {prompt.name for prompt in file.prompts}]
    for name in missing:
        st.caption(
            f":material/error: {markup.plain_label(f'{readable_prompt(name)}: the module has no such prompt', 300)}"
        )
    return fine and not missing


def write_file(file: ExportFile, variant: Variant, folder: Path) -> None:
    """Write it and remember what was proved, or what stopped it; for on_click."""
    ran = what_ran(last_experiment(), variant)
    try:
        path = write(
            file,
            folder,
            root=settings.ROOT,
            dataflow_modules=DATAFLOWS[cached.DATAFLOW].modules,
            ran=ran.prompts,
            inputs=ran.inputs,
            work_folder=settings.home() / "work",
        )
    except WorkbenchError as error:
        state.pass_on("export", ("error", f"{error.message}. {error.hint}".strip()))
        return
    compared = "with what was run" if ran.prompts else "with the draft; it has not been run"
    proved = (
        f"{path.name} is written. In a fresh process it imports, Hamilton builds the dataflow with it, and all "
        f"{len(file.prompts)} prompts are equal, byte for byte, {compared}."
    )
    state.pass_on("export", ("done", proved))


def show_outcome() -> None:
    """What the last write gave, until another variant is chosen."""
    match state.passing("export"):
        case ("done", message):
            st.success(markup.plain_label(message, 400), icon=":material/check_circle:")
        case ("error", message):
            st.error(markup.plain_label(message, 600), icon=":material/error:")
