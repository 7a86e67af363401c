"""What can be done with a run wherever it stands: its prompts put on the bench, or the run deleted."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.case_button import case_button
from pages.shared.case_source import source_of_opened
from workbench.errors import WorkbenchError
from workbench.history.kept import Dependents, RunRow
from workbench.history.opening import OpenedRun
from workbench.history.reviving import revived
from workbench.state import bench


def put_on_bench(row: RunRow | None, key: str = "revive") -> None:
    """A button that opens a run's prompts on the Workbench."""
    pressed = st.button(
        "Open in Workbench",
        icon=":material/compare:",
        key=key,
        disabled=row is None,
        help="Its prompts as a draft, or the version itself where it is still what ran.",
    )
    if not (row and pressed):
        return
    try:
        note = _revive(row)
    except WorkbenchError as error:
        st.toast(markup.plain_label(f"{error.message} {error.hint}".strip(), 300), icon=":material/error:")
        return
    if note:
        st.toast(markup.plain_label(note, 200), icon=":material/info:")
    st.switch_page("pages/compare.py")


def _revive(row: RunRow) -> str:
    opened = cached.history().open(row.id)
    if row.dataflow != state.dataflow_name():
        cached.dataflow(row.dataflow)  # says so where it is gone
        state.choose_dataflow(row.dataflow)
    versions = cached.versions(row.dataflow)
    found = revived(opened, versions)
    if found is None:
        return "There is no version to begin a draft from."
    current = state.current_bench(versions)
    if found.label:
        stay = [label for label in current.labels if label != found.label][: bench.MOST_COLUMNS - 1]
        state.put_bench(bench.choose(current, [*stay, found.label]))
    else:
        room = bench.choose(current, current.labels[: bench.MOST_COLUMNS - 1])
        state.put_bench(bench.add_draft(room, found.base, found.templates))
    if row.document and cached.document(row.document, row.document_name):
        state.keep("document", {"sha256": row.document, "name": row.document_name})
    return found.note


def add_to_dataset(opened: OpenedRun) -> None:
    """A button that makes a case of a run's document, inputs and answer, where it has one."""
    if opened.row.status == "done" and opened.run.output:
        case_button(opened.row.id, lambda: source_of_opened(opened), "secondary")


def delete_button(chosen: Sequence[RunRow], key: str = "delete-runs") -> None:
    """A button that first says what goes along."""
    with st.popover("Delete", icon=":material/delete:", key=key, disabled=not chosen):
        if not chosen:
            return
        ids = [row.id for row in chosen]
        st.markdown(_what_goes(cached.history().dependents(ids)))
        st.button(
            f"Delete {_runs(len(ids))} for good",
            type="primary",
            width="stretch",
            key=f"{key}-for-good",
            on_click=_delete,
            args=(ids,),
        )


def _delete(run_ids: Sequence[str]) -> None:
    gone = cached.history().delete(run_ids)
    state.to_address(run="", **{"with": ""})
    state.pass_on("history-said", f"{_runs(gone)} deleted.")


def _what_goes(told: Dependents) -> str:
    parts = [f"**{_runs(told.runs)} and {told.texts:,} texts that no other run has go for good.**"]
    if told.starred or told.noted:
        parts.append(f"{told.starred} starred, {told.noted} with a name or note.")
    if told.reused_by:
        keep = "keep" if told.reused_by > 1 else "keeps"
        parts.append(f"{_runs(told.reused_by)} later used answers made here, and {keep} them.")
    parts.append("Figures on the Monitoring page, kept answers and exported files stay.")
    return "\n\n".join(parts)


def _runs(count: int) -> str:
    return f"{count:,} run{'' if count == 1 else 's'}"
