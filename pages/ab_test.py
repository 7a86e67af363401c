"""A/B test: arms of prompts in a running service, what came of them, and when to stop; with a kill switch."""

import streamlit as st

from dataflows.ab import ABTestError
from pages.shared import markup, shell, store_fields
from pages.shared.ab_actions import ab_actions
from pages.shared.ab_addition import ab_addition
from pages.shared.ab_arms import ab_arms
from pages.shared.ab_joining import ab_joining
from pages.shared.ab_known import all_tests, chosen_test, figures_of, versions_of
from pages.shared.ab_list import ab_list
from pages.shared.ab_verdict import ab_verdict
from pages.shared.ab_words import log_html
from workbench import settings
from workbench.ab.verdict import verdict_of
from workbench.shell_line import shell_line

shell.guard(for_all=True)

_PURPOSE = (
    "An A/B test splits the users of a running service between sets of prompts, each user always to the same one, and "
    "says which set is better however often you look. Describe one at the left, then start it; the service names it in "
    "dataflows.ab, as examples/service does with PROMPTS=ab."
)

store_fields.told()
try:
    tests = all_tests()
    chosen = chosen_test(tests)
    figures = figures_of(chosen) if chosen else None
    log = versions_of(chosen) if chosen else []
except ABTestError as error:
    st.error(markup.plain_label(f"{str(error)[:1].upper()}{str(error)[1:]}.", 400), icon=":material/error:")
    st.button("Try again", icon=":material/refresh:", key="ask-again")
    st.stop()

left, right = st.columns([2, 5], gap="medium")

# What can stop a page comes last: a test is killed while the dataflow's own code is broken, too.
with right:
    if chosen and figures:
        ab_actions(chosen)
        verdict = verdict_of(chosen, figures)
        with st.container(border=True, key="ab-arms"):
            ab_arms(chosen, figures, verdict)
        with st.container(border=True, key="ab-verdict"):
            ab_verdict(chosen, verdict, log)
            line = shell_line(["ab", "show", chosen.name], settings.project(), is_own=settings.is_own_project())
            st.caption("The same figures without a browser")
            st.code(line, language="bash", wrap_lines=True)
        with st.container(border=True, key="ab-log"):
            st.html(markup.line_html("Who changed what, when and why", "title"))
            st.html(log_html(log))
    else:
        st.html(markup.empty_html(_PURPOSE, ()))

with left:
    if tests:
        with st.container(border=True, key="ab-list"):
            ab_list(tests, chosen)
    if chosen and chosen.state in ("draft", "running"):
        with st.container(border=True, key="ab-joining"):
            ab_joining(chosen)
    with st.container(border=True, key="ab-addition"):
        ab_addition()
