"""Review: which of two answers is better, by people who don't know whose they are, and by a model in both orders."""

import streamlit as st

from pages.shared import markup, shell, state
from pages.shared.review_ballot import review_ballot
from pages.shared.review_list import review_list
from pages.shared.review_results import review_results
from workbench.errors import WorkbenchError

shell.guard()

try:
    review = state.address("review")
    if review and state.address("results"):
        review_results(review)
    elif review:
        review_ballot(review)
    else:
        review_list()
except WorkbenchError as error:
    st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
    st.button(
        "All reviews",
        icon=":material/arrow_back:",
        key="back-to-reviews",
        on_click=state.to_address,
        kwargs={"review": "", "results": ""},
    )
