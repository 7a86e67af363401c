"""What a run is given: the document at hand, and the settings of the dataflow on the bench."""

import streamlit as st

from pages.shared import state
from pages.shared.document_card import document_card
from pages.shared.settings_card import RunSettings, settings_card, small_model_note
from workbench.records import Document, Version
from workbench.state.bench import Bench


def given_card(current: Bench, versions: dict[str, Version]) -> tuple[RunSettings, Document | None]:
    """Show both in one card; the settings, and the document when there is one."""
    bases = {current.drafts[label].base if label in current.drafts else label for label in current.labels}
    with st.container(border=True, key="given"):
        left, right = st.columns([1, 3], vertical_alignment="center" if state.kept("document") else "top")
        with right:
            settings = settings_card([versions[label] for label in versions if label in bases])
        with left:
            document = document_card(settings.chunk_tokens)
        small_model_note(settings.choice, document)
    return settings, document
