"""The document of a case that is to be: its bytes where they are kept, else a place to bring them."""

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.case_source import CaseSource
from workbench import settings
from workbench.datasets.documents import KEPT
from workbench.documents.identities import identity_of
from workbench.documents.kinds import form_of
from workbench.documents.uploads import kept_file
from workbench.errors import InputError

_GONE = (
    "The file itself is no longer kept: the oldest go where room is short, and one that a password opened is never "
    "kept. Bring the same file again, or let the case name the text that this workbench keeps."
)
_UNTOLD = "The run doesn't tell which file it read. Bring it here."


def document_line(key: str, source: CaseSource, reads: bool) -> None:
    """Say what becomes of the document; where its bytes are gone, ask for them.

    Args:
        key: Of the dialog.
        source: What the case is made from.
        reads: Whether the dataflow reads a document.
    """
    if not reads:
        st.caption("No document: this dataflow reads none.")
        return
    name = markup.plain_label(source.document_name or "untold", 120)
    if kept_file(source.document, settings.home()):
        st.caption(f"Document: {name}, copied beside the dataset unless a case has it already.")
        return
    st.warning(f"Document: {name}. {_GONE if source.document else _UNTOLD}", icon=":material/draft:")
    st.file_uploader("The file", key=f"case-file-{key}", label_visibility="collapsed")
    if source.document and cached.document(source.document, source.document_name):
        st.checkbox("Name the kept text instead: the case then works with this workbench only", key=f"case-text-{key}")


def chosen_document(key: str, source: CaseSource, reads: bool) -> tuple[str, bytes] | str | None:
    """What the case will have as its document; for clicks.

    Raises:
        InputError: There is none yet, or it is another file than the run's.
        DocumentError: What was brought is of no kind that can be read.
    """
    if not reads:
        return None
    if path := kept_file(source.document, settings.home()):
        return source.document_name or path.name, path.read_bytes()
    brought = state.shown(f"case-file-{key}")
    if brought is not None:
        content = brought.getvalue()
        same = identity_of(content, form_of(content, brought.name)) == source.document
        if source.document and not same:
            raise InputError(f"{brought.name[:80]} is another file than the one this answer is about.", "Bring that.")
        return brought.name, content
    if source.document and state.shown(f"case-text-{key}"):
        return f"{KEPT}{source.document}"
    raise InputError("The case has no document yet.", "Bring its file above.")
