"""Which version production uses, and a branch that changes that."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from workbench import project, settings
from workbench.errors import WorkbenchError
from workbench.prompts.current import FILE, current_of
from workbench.records import Version
from workbench.rollback import roll_back


def current_version(versions: Mapping[str, Version]) -> None:
    """What current.py says, and a button that makes another version the current one."""
    folder = project.versions_folder(state.dataflow_name())
    try:
        number = current_of(folder)
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}", 300), icon=":material/error:")
        return
    title = f"Production uses v{number}" if number else "No version is named as current"
    with st.expander(title, icon=":material/settings_backup_restore:", key="current-version"):
        others = [label for label in list(versions)[::-1] if versions[label].number != number]
        st.caption(f"`{_shown(folder / FILE)}` names it. Rolling back is a one-line change of that file.")
        chosen = st.selectbox("Make current", others, key="rollback-to")
        pressed = st.button(
            f"Make branch: current is {chosen}",
            icon=":material/call_split:",
            key="rollback",
            disabled=not others,
            help="The gate checks the version first, with 0 calls. Your checkout stays as it is; nothing is pushed.",
        )
        if pressed:
            with st.spinner(f"The gate looks at {chosen}"):
                _roll_back(chosen)
        match state.passing("rollback"):
            case ("done", branch):
                st.success(f"Branch `{branch}` is made; the gate passed with 0 calls.", icon=":material/check_circle:")
                st.code(f"git push -u origin {branch}", language="bash")
            case ("error", message):
                st.error(markup.plain_label(message, 400), icon=":material/error:")


def _shown(path: Path) -> str:
    return path.relative_to(settings.project()).as_posix()


def _roll_back(label: str) -> None:
    try:
        done = roll_back(settings.project(), state.dataflow_name(), label)
        state.pass_on("rollback", ("done", done.shipped.branch))
    except WorkbenchError as error:
        state.pass_on("rollback", ("error", f"{error.message} {error.hint}".strip()))
