"""The answer cards: one per variant, streaming while the experiment runs."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import markup
from pages.shared.answer_card import answer_card
from pages.shared.experiments import SLOT, is_live
from pages.shared.lineups import lineups, marks_of
from workbench.records import Document

_POLL_SECONDS = 0.25


def answer_cards(labels: Sequence[str], document: Document | None, live: bool, slot: str = SLOT) -> None:
    """A card per label; redraws itself four times a second while the experiment runs, and not at all otherwise."""

    @st.fragment(run_every=_POLL_SECONDS if live else None)
    def cards() -> None:
        lined_up = lineups(document, slot)
        marks = marks_of(lined_up)
        with st.grid(max(len(labels), 1), min_column_width=270, key="answers"):
            for label in labels:
                with st.container(border=True, key=f"answer-{label}"):
                    if lineup := lined_up.get(label):
                        answer_card(label, lineup, marks, slot)
                    elif live:
                        st.html(markup.empty_html(f"{label} is not part of the run that goes on.", keys=()))
                    else:
                        st.html(markup.empty_html(f"No answer from {label} yet."))
        if live != is_live(slot):
            st.rerun()  # once: the whole page is drawn anew, without polling

    cards()
