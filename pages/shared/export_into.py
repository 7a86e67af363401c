"""An export into a module that is there already, as variants chosen by Hamilton's config."""

from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.export.config_offer import config_offer
from workbench.export.delivery import deliver_config_branch
from workbench.export.request import ExportRequest
from workbench.prompts.opening import open_source
from workbench.prompts.versions import FILE_NAME

_FOLDERS = ("prompts", "dataflows")


def export_into(request: ExportRequest, fine: bool) -> None:
    """Offer the modules of the project that have prompt functions; nothing where there is none."""
    modules = _modules()
    if not modules:
        return
    with st.expander("Into an existing module instead", icon=":material/alt_route:", key="export-into"):
        chosen = st.selectbox("Module", modules, key="into", persist_state="session")
        st.caption('Adds `name__vN` functions under `@config.when(version="vN")`. Nothing else in the file changes.')
        if st.button(
            "Prove it and make a branch", icon=":material/call_split:", key="make-config-branch", disabled=not fine
        ):
            with st.spinner("Proving it in a fresh process"):
                _branch(request, settings.project() / chosen)
        match state.passing("export-into"):
            case ("done", branch):
                st.success(f"Branch `{branch}` is made. Nothing is pushed.", icon=":material/check_circle:")
                st.code(f"git push -u origin {branch}", language="bash", wrap_lines=True)
            case ("error", message):
                st.error(markup.plain_label(message, 400), icon=":material/error:")


def _branch(request: ExportRequest, into: Path) -> None:
    try:
        done = deliver_config_branch(request, config_offer(request, into))
        state.pass_on("export-into", ("done", done.shipped.branch))
    except WorkbenchError as error:
        state.pass_on("export-into", ("error", f"{error.message}. {error.hint}".replace("..", ".")))


def _modules() -> list[str]:
    """Modules of prompts/ and dataflows/ with prompt functions, the versions apart."""
    found = []
    for folder in _FOLDERS:
        for path in sorted((settings.project() / folder).rglob("*.py")):
            if FILE_NAME.fullmatch(path.name):
                continue
            try:
                if open_source(path.read_text("utf-8")):
                    found.append(path.relative_to(settings.project()).as_posix())
            except (OSError, ValueError, WorkbenchError):
                continue
    return found
