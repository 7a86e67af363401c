"""The dialog that writes workbench.toml: what was found, what is chosen of it, and what the file will say."""

import difflib
from collections.abc import Mapping

import streamlit as st

from dataflows import Dataflow
from pages.shared import markup, state
from pages.shared.project_setup_fields import dataflow_fields
from pages.shared.project_setup_prompts import as_option
from workbench import project, settings
from workbench.discovery.findings import Findings, look
from workbench.discovery.toml_text import merged, text_on_disk, write_toml
from workbench.errors import UsageError
from workbench.project_toml import FILE, NAME, parsed, read

_NEW = ""


def begin_setup() -> None:
    """Open the dialog in the next run of the page."""
    state.pass_on("setup-problem", "")
    state.pass_on("setting-up", True)


def setup() -> None:
    """The dialog while it is open: choose a dataflow or begin one, correct the guesses, see the file, write it."""
    if state.passing("setting-up"):
        _dialog()


def _end() -> None:
    state.pass_on("setting-up", False)


@st.dialog("Set up a dataflow", width="large", icon=":material/account_tree:", on_dismiss=_end)
def _dialog() -> None:
    if not state.passing("setting-up"):  # it was written: only the whole page can close a dialog
        st.rerun()
    with st.spinner("Looking at the project"):
        findings = look(settings.project(), project.folders())
    for problem in findings.problems:
        st.warning(markup.plain_label(problem, 300), icon=":material/warning:")
    if not findings.modules:
        st.info("No module has a public function whose parameters and value have types; Hamilton needs one.")
        return
    named = _named(findings)
    if named is None:
        return
    name, start = named
    chosen = dataflow_fields(name, start, findings)
    if chosen.modules:
        _file(name, chosen)


def _named(findings: Findings) -> tuple[str, Dataflow] | None:
    """The dataflow to set up, and what is known of it; None while its name is none."""
    known = {**_proposals(findings), **project.dataflows()}
    picked = st.selectbox(
        "Dataflow",
        [*known, _NEW],
        format_func=lambda name: as_option(name) or "a new one",
        key="setup-dataflow",
    )
    if picked:
        return picked, known[picked]
    name = st.text_input("Name", key="setup-name", placeholder="letters, digits and _").strip()
    if NAME.fullmatch(name) and name not in known:
        return name, Dataflow(modules=())
    if name:
        taken = f"There is a dataflow {name} already." if name in known else "Letters, digits and _ make a name."
        st.error(markup.plain_label(taken, 120), icon=":material/error:")
    return None


def _proposals(findings: Findings) -> dict[str, Dataflow]:
    """What was found and is no dataflow of the project yet."""
    there = {own.modules for own in project.dataflows().values()}
    return {name: own for name, own in findings.proposals.items() if own.modules not in there}


def _file(name: str, chosen: Dataflow) -> None:
    """What the file will say, and the button that writes it."""
    root = settings.project()
    try:
        before = text_on_disk(root)
        text = merged("" if before is None or project.problem() else before, _to_say(name, chosen))
        parsed(root, text.encode("utf-8"))
    except UsageError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}", 400), icon=":material/error:")
        return
    if project.problem():
        st.warning("The file makes no sense as it is; writing it replaces all of it.", icon=":material/warning:")
    if text == before:
        st.caption(f"`{FILE}` says so already.")
        return
    lines = difflib.unified_diff((before or "").splitlines(), text.splitlines(), FILE, FILE, lineterm="")
    st.code(text if before is None else "\n".join(lines), language="toml" if before is None else "diff")
    label = f"Write {FILE}" if before is None else f"Change {FILE}"
    st.button(label, type="primary", icon=":material/save:", key="write-toml", on_click=_write, args=(text, before))
    if problem := state.passing("setup-problem"):
        st.error(markup.plain_label(problem, 400), icon=":material/error:")


def _write(text: str, before: str | None) -> None:
    """Write what was shown, unless the file is not what it was shown against."""
    try:
        write_toml(settings.project(), text, before)
    except UsageError as error:
        state.pass_on("setup-problem", f"{error.message} {error.hint}")
        return
    state.pass_on("setup-problem", "")
    state.pass_on("project-said", f"{FILE} is written.")
    _end()


def _to_say(name: str, chosen: Dataflow) -> Mapping[str, Dataflow]:
    """With the dataflows that were found so far: once the file names one, no others are looked for."""
    try:
        said = read(settings.project())
    except UsageError:
        said = None
    found = {} if said and said[0] else project.dataflows()
    return {
        name: chosen,
        **{own: flow for own, flow in found.items() if own != name and flow.modules != chosen.modules},
    }
