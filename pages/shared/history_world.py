"""The world a run ran in: code, packages, inputs, model and versions; and how to make it again."""

from pathlib import Path

import streamlit as st

from pages.shared import markup
from workbench.history.opening import OpenedRun


def world_view(opened: OpenedRun) -> None:
    """Everything there is."""
    if opened.experiment:
        st.caption(
            "Make it again from what is kept: no call, no network, and a word on whether it gives the same bytes."
        )
        st.code(f"python -m workbench reproduce {opened.row.id}", language="bash")
    left, right = st.columns(2, gap="medium")
    with left:
        _code(opened)
    with right:
        if opened.experiment:
            st.caption("Inputs")
            st.json(dict(opened.inputs))
            st.caption("Model and settings")
            st.json(vars(opened.experiment.model))
        else:
            st.caption("What the service told")
            st.json({name: own for name, own in opened.told.items() if name not in ("calls", "nodes")}, expanded=2)
        if opened.code.packages:
            st.caption("Packages")
            st.json(dict(opened.code.packages), expanded=False)
    for label, version in opened.versions.items():
        with st.expander(
            markup.plain_label(f"{label} as it was · {Path(version.path).name} · {version.sha256[:12]}", 160)
        ):
            st.code(version.source, language="python", wrap_lines=True)


def _code(opened: OpenedRun) -> None:
    code = opened.code
    if not code.git_sha:
        st.caption("The project was in no git repository, or the service didn't tell its commit.")
        return
    branch = f" on {code.git_branch}" if code.git_branch else ""
    st.caption(markup.plain_label(f"Commit{branch}", 160))
    st.code(code.git_sha, language=None)
    if code.git_dirty:
        st.caption("What was not committed")
        st.code(
            code.diff or "Only new files.",
            language="diff",
            wrap_lines=True,
            height=360 if len(code.diff) > 2_000 else "content",
        )
