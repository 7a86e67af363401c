"""The document at hand: a chip with its name and size, or the place to put one."""

from pathlib import Path

import streamlit as st

from pages.shared import cached, markup, state
from workbench import settings
from workbench.documents.reading import locked_pdf, read_document
from workbench.errors import DocumentError
from workbench.records import Document


def document_card(max_chunk_tokens: int | None) -> Document | None:
    """Show the document, or the uploader; the document when there is one."""
    at_hand = state.kept("document")
    document = cached.document(at_hand["sha256"], at_hand["name"]) if at_hand else None
    if document:
        _chip(document, max_chunk_tokens)
        return document
    _uploader()
    if locked := state.passing("locked"):
        _password_field(locked)
    return None


def _chip(document: Document, max_chunk_tokens: int | None) -> None:
    chunks = cached.chunk_count(document.sha256, document.name, max_chunk_tokens)
    size = f"{document.bytes / 1024:,.0f} KB" if document.bytes < 2**20 else f"{document.bytes / 2**20:,.1f} MB"
    pages = f"{document.pages} page" + ("s" if document.pages != 1 else "")
    detail = f"{pages} · {size} · {chunks} chunk" + ("s" if chunks != 1 else "")
    with st.container(horizontal=True, vertical_alignment="center", key="document-chip"):
        st.html(markup.chip_html(document.name, detail))
        st.button("", icon=":material/close:", type="tertiary", key="remove-document", help="Remove", on_click=_remove)
    if document.note:
        st.caption(markup.plain_label(document.note, 200))


def _uploader() -> None:
    file = st.file_uploader("PDF", type="pdf", key=f"upload-{state.passing('upload', 0)}", label_visibility="collapsed")
    if file is not None:
        state.pass_on("upload", state.passing("upload", 0) + 1)  # an uploader under a new key is empty again
        _read(file.getvalue(), file.name)
    if st.button("Use the sample document", icon=":material/description:", type="tertiary", key="use-sample"):
        _read(settings.SAMPLE.read_bytes(), settings.SAMPLE.name)
    if problem := state.passing("document-problem"):
        st.error(problem, icon=":material/error:")


def _password_field(locked: dict[str, str]) -> None:
    with st.form("unlock", border=False):
        password = st.text_input("Password", type="password", key="password")
        wanted = st.form_submit_button("Open")
    pdf = locked_pdf(locked["sha256"], settings.home())
    if wanted and pdf:
        _read(pdf, locked["name"], password)


def _read(pdf: bytes, name: str, password: str = "") -> None:
    """Read with a progress bar, then draw the page anew with the chip or with what went wrong."""
    state.pass_on("locked", None)
    state.pass_on("document-problem", None)
    name = Path(name).name
    bar = st.progress(0.0, "Reading the PDF")

    def show_page(page: int, pages: int) -> None:
        bar.progress(min(page / max(pages, 1), 1.0), f"Reading page {page} of {pages}")

    try:
        document = read_document(
            pdf,
            name,
            settings.home(),
            password=password,
            on_page=show_page,
        )
        state.keep("document", {"sha256": document.sha256, "name": document.name})
    except DocumentError as error:
        state.pass_on("document-problem", markup.plain_label(f"{error.message} {error.hint}".strip(), 400))
        if error.kind == "encrypted":
            state.pass_on("locked", {"sha256": cached.sha256(pdf), "name": name})
    st.rerun()


def _remove() -> None:
    state.keep("document", None)
