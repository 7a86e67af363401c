"""The versions of the dataflow on the bench, or what to do where there are none."""

import streamlit as st

from pages.shared import cached, markup, state
from workbench import project, settings
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.records import Version


def bench_versions() -> dict[str, Version]:
    """Label -> version; where there is none, or the dataflow can't be built, the page says what to do and ends."""
    name = state.dataflow_name()
    if not name:
        st.info(markup.plain_label(f"{settings.project().name} has no dataflow that the workbench knows yet.", 200))
        st.page_link("pages/settings.py", label="Set one up in Settings", icon=":material/settings:")
        st.stop()
    try:
        graph.build(cached.dataflow(name), None, {})
    except WorkbenchError as error:  # a file that was saved half written, for example
        st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
        st.stop()
    versions = cached.versions(name)
    if not versions:
        folder = project.versions_folder(name).relative_to(settings.project())
        st.info(f"No prompt was found: add prompts_v1.py to `{folder.as_posix()}/`, or name its prompts in Settings.")
        st.page_link("pages/settings.py", label="Settings", icon=":material/settings:")
        st.stop()
    return versions
