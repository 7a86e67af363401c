"""The command that gives the figures on the page, to be read and copied."""

import streamlit as st

from pages.shared import markup
from pages.shared.escaping import escaped
from workbench import settings
from workbench.evaluation.choice import Choice
from workbench.evaluation.cli_line import cli_line


def evaluate_cli(choice: Choice) -> None:
    """Show it; where no command gives the same, why."""
    line = cli_line(choice, settings.project(), is_own=settings.is_own_project())
    with st.container(key="evaluate-cli", gap="xsmall"):
        if line.text:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption("The same figures without a browser", width="content")
                # Its highlighter takes the browser half a second to load, which the matrix would wait for.
                with st.popover("Copy", icon=":material/content_copy:", type="tertiary", key="copy-command"):
                    st.code(line.text, language="bash", wrap_lines=True, width=640)
            st.html(f'<pre class="wb-command">{escaped(line.text)}</pre>')
        for note in line.notes:
            st.caption(markup.plain_label(note, 300))
