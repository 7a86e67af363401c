"""The only file that touches st.session_state: what this browser has on its bench, mirrored to disk at each change."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import cached
from workbench import project, settings
from workbench.history import places
from workbench.records import Version
from workbench.state import bench, workspaces
from workbench.state.bench import Bench
from workbench.state.record_json import from_json, to_json

_COOKIE = "workbench"
_LONGEST_ADDRESS = 300
_COMMON = frozenset({"dataflow", "document", "model", "person", "reading"})
"""What is kept once for all dataflows; all else each has for itself."""
_OURS = frozenset({"workspace", "kept", "dataflow", "project"})
_keeper = st.components.v2.component("workspace", js=Path(__file__).with_name("browser.js").read_text("utf-8"))


def enter() -> None:
    """Find this browser's workspace, or begin one; once per session."""
    opened = str(settings.project())
    if st.session_state.get("project", opened) != opened:  # somebody has opened another one since
        for key in [key for key in st.session_state if key != "workspace"]:
            del st.session_state[key]
        st.session_state.kept = cached.workspaces().read(st.session_state.workspace)
    st.session_state.project = opened
    if "workspace" not in st.session_state:
        known = st.context.cookies.get(_COOKIE, "")
        st.session_state.workspace = known if workspaces.is_workspace(known) else workspaces.new_workspace()
        st.session_state.kept = cached.workspaces().read(st.session_state.workspace)
    names = list(project.dataflows())
    chosen = st.session_state.kept.get("dataflow")
    st.session_state.dataflow = chosen if chosen in names else next(iter(names), "")
    _keeper(key="workspace-keeper", data={"workspace": st.session_state.workspace}, height=0)


def workspace() -> str:
    """The id of this browser's workspace; nobody else's page knows it."""
    return str(st.session_state.workspace)


def person() -> str:
    """Who works here, for the history and the store's log: what was typed in Settings, else who the machine says."""
    return str(kept("person") or places.person())


def dataflow_name() -> str:
    """The dataflow on the bench: the one chosen in this workspace, else the project's first; empty without any."""
    return str(st.session_state.dataflow)


def choose_dataflow(name: str) -> None:
    """Put another dataflow on the bench; what widgets show belongs to the one before."""
    keep("dataflow", name)
    for key in [key for key in st.session_state if key not in _OURS and not str(key).startswith("passing-shell")]:
        del st.session_state[key]


def kept(name: str, default: Any = None) -> Any:
    """A JSON value of this workspace, for the dataflow on the bench."""
    return st.session_state.kept.get(_place(name), default)


def keep(name: str, value: Any) -> None:
    """Keep a JSON value; it survives refresh and restart."""
    if st.session_state.kept.get(_place(name)) != value:
        st.session_state.kept[_place(name)] = value
        cached.workspaces().write(workspace(), _place(name), value)


def keep_widget(name: str, key: str) -> None:
    """Keep what a widget shows; for on_change."""
    keep(name, st.session_state[key])


def passing(name: str, default: Any = None) -> Any:
    """A value of this page session only."""
    return st.session_state.get(f"passing-{name}", default)


def pass_on(name: str, value: Any) -> None:
    """Remember a value until the page is refreshed."""
    st.session_state[f"passing-{name}"] = value


def show(key: str, value: Any) -> None:
    """What the widget of this key shows in the next run."""
    st.session_state[key] = value


def shown(key: str, default: Any = None) -> Any:
    """What the widget of this key shows."""
    return st.session_state.get(key, default)


def current_bench(versions: Mapping[str, Version]) -> Bench:
    """The columns and drafts of this workspace; the newest versions for a new one.

    Read from disk each time, so that two tabs of one browser keep each other's drafts.
    """
    if any(version.dataflow != dataflow_name() for version in versions.values()):
        versions = cached.versions(dataflow_name())  # a click that was on its way when another dataflow was chosen
    text = cached.workspaces().read(workspace()).get(_place("bench"))
    if text is None:
        first = bench.first_bench(versions)
        put_bench(first)
        return first
    return bench.repaired(from_json(text, Bench), versions)


def put_bench(changed: Bench) -> None:
    """Keep the bench."""
    cached.workspaces().write(workspace(), _place("bench"), to_json(changed))


def _place(name: str) -> str:
    return name if name in _COMMON else f"{dataflow_name()}:{name}"


def address(name: str) -> str:
    """A value of the page's address, "" where it has none; typed by whoever wrote the address."""
    return str(st.query_params.get(name, ""))[:_LONGEST_ADDRESS]


def to_address(**values: str) -> None:
    """Set values of the page's address; an empty one goes out of it."""
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
