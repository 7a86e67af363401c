"""The only file that touches st.session_state: what this browser has on its bench, mirrored to disk at each change."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import cached
from workbench.records import Version
from workbench.state import bench, workspaces
from workbench.state.bench import Bench
from workbench.state.record_json import from_json, to_json

_COOKIE = "workbench"
_keeper = st.components.v2.component("workspace", js=Path(__file__).with_name("browser.js").read_text("utf-8"))


def enter() -> None:
    """Find this browser's workspace, or begin one; once per session."""
    if "workspace" not in st.session_state:
        known = st.context.cookies.get(_COOKIE, "")
        st.session_state.workspace = known if workspaces.is_workspace(known) else workspaces.new_workspace()
        st.session_state.kept = cached.workspaces().read(st.session_state.workspace)
    _keeper(key="workspace-keeper", data={"workspace": st.session_state.workspace}, height=0)


def workspace() -> str:
    """The id of this browser's workspace; nobody else's page knows it."""
    return str(st.session_state.workspace)


def kept(name: str, default: Any = None) -> Any:
    """A JSON value of this workspace."""
    return st.session_state.kept.get(name, default)


def keep(name: str, value: Any) -> None:
    """Keep a JSON value; it survives refresh and restart."""
    if st.session_state.kept.get(name) != value:
        st.session_state.kept[name] = value
        cached.workspaces().write(workspace(), name, value)


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
    text = cached.workspaces().read(workspace()).get("bench")
    if text is None:
        first = bench.first_bench(versions)
        put_bench(first)
        return first
    return bench.repaired(from_json(text, Bench), versions)


def put_bench(changed: Bench) -> None:
    """Keep the bench."""
    cached.workspaces().write(workspace(), "bench", to_json(changed))
