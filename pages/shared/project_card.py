"""The opened project: what was found in it, another one in its place, and setting up its dataflows."""

import os
import threading
from contextlib import suppress

import streamlit as st

from dataflows import Dataflow
from pages.shared import cached, markup, state
from pages.shared.project_setup import begin_setup, setup
from workbench import project, settings
from workbench.errors import UsageError, WorkbenchError

_MOST_SHOWN = 12


def project_card() -> None:
    """Show it; everything that is wrong stands where it belongs and leaves the rest of the page alone."""
    root, own = settings.project(), settings.is_own_project()
    if said := state.passing("project-said"):
        state.pass_on("project-said", "")
        st.toast(markup.plain_label(said, 200), icon=":material/check:")
    st.html(markup.card_head_html(root.name, "this workbench" if own else "", "muted"))
    st.caption(f"Project: {markup.plain_label(str(root), 300)}")
    if problem := project.problem():
        st.error(markup.plain_label(problem, 400), icon=":material/error:")
    _dataflows()
    if not own:
        st.button("Set up a dataflow", icon=":material/account_tree:", key="set-up", on_click=begin_setup)
        setup()
    _opening()


def _dataflows() -> None:
    known = project.dataflows()
    if not known and not project.problem():
        st.info("No dataflow was found in it. Set one up: choose its modules, and workbench.toml will name it.")
    for name, own in list(known.items())[:_MOST_SHOWN]:
        _dataflow(name, own)
    if len(known) > _MOST_SHOWN:
        st.caption(f"and {len(known) - _MOST_SHOWN:,} more")


def _dataflow(name: str, own: Dataflow) -> None:
    st.markdown(f"**{markup.plain_label(name, 60)}** · {markup.plain_label(', '.join(own.modules), 200)}")
    try:
        prompts, versions = cached.prompt_names(name), list(cached.versions(name))
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
        return
    folder = project.versions_folder(name).relative_to(settings.project()).as_posix()
    told = f"{len(prompts)} prompt{'' if len(prompts) == 1 else 's'}: {', '.join(prompts) or 'none was found'}"
    shown = f"versions: {', '.join(versions) or 'none yet'} · new ones go to {folder}/"
    st.caption(markup.plain_label(f"{told} · {shown}", 500))


def _opening() -> None:
    """A field for another project, and those that were opened before."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="open-project"):
        st.text_input("Open another project", key="project-path", placeholder="folder of a repository", width=480)
        st.button("Open", icon=":material/folder_open:", key="open", on_click=_open_typed)
    others = dict.fromkeys([*settings.recent_projects(), settings.ROOT])
    with st.container(horizontal=True, key="recent-projects"):
        for number, path in enumerate(path for path in others if path != settings.project()):
            label = markup.plain_label(path.name, 40)
            help_text = markup.plain_label(str(path), 300)
            st.button(
                label, icon=":material/history:", key=f"recent-{number}", help=help_text, on_click=_open, args=(path,)
            )
    if problem := state.passing("project-problem"):
        st.error(markup.plain_label(problem, 400), icon=":material/error:")
    st.caption(
        "The modules of its dataflows run on this machine: open what you trust. Files change only when you say so."
    )
    if os.environ.get("WORKBENCH_PROJECT"):
        st.caption("`WORKBENCH_PROJECT` is set, so the next start opens what it names.")


def _open_typed() -> None:
    typed = str(state.shown("project-path", "")).strip()
    if typed:
        _open(typed)


def _open(path: object) -> None:
    """Open it for everyone in this process, and begin anew with what its state folder holds."""
    if any(own.name.startswith("run-") for own in threading.enumerate()):  # of engine.jobs
        state.pass_on("project-problem", "A run is going on. Stop it or wait for its end, then open the project.")
        return
    try:
        settings.open_project(str(path))
        settings.keep_project()
        with suppress(UsageError):  # of a limit that makes no sense
            cached.pool().close()
    except UsageError as error:
        state.pass_on("project-problem", f"{error.message} {error.hint}")
        return
    st.cache_resource.clear()
    st.cache_data.clear()
    state.show("kept", cached.workspaces().read(state.workspace()))
    names = list(project.dataflows())
    before = state.kept("dataflow")
    state.show("dataflow", before if before in names else next(iter(names), ""))
    state.choose_dataflow(state.dataflow_name())
    state.show("project-path", "")
    state.pass_on("project-said", f"{settings.project().name} is open.")
