"""The line of a prompt, kept for a moment: each click on a text draws the page anew."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import cached, markup
from workbench import settings
from workbench.errors import HistoryError
from workbench.lineage.line import Line, line_of
from workbench.lineage.tree import tree_of
from workbench.records import Version

_AGE_SECONDS = 5
"""How long figures may be behind; adding them up over 50,000 runs takes a second."""


def prompt_line(dataflow: str, prompt: str, versions: Mapping[str, Version]) -> Line:
    """Its line, at most five seconds old; of its versions alone where the history can't be asked, which is told."""
    try:
        texts = tuple((label, own.sha256, own.prompts.get(prompt)) for label, own in versions.items())
        return _line(str(settings.project()), dataflow, prompt, repr(texts), versions)
    except HistoryError as error:
        said = f"{error.message} The versions are shown without their drafts and figures. {error.hint}"
        st.error(markup.plain_label(said.strip(), 500), icon=":material/error:")
        return Line(tree_of(prompt, versions, ()))


@st.cache_resource(ttl=_AGE_SECONDS, max_entries=16, show_spinner=False)
def _line(project: str, dataflow: str, prompt: str, texts: str, _versions: Mapping[str, Version]) -> Line:  # noqa: ARG001 they tell two apart
    with cached.history().reading() as connection:
        return line_of(connection, dataflow, prompt, _versions)
