"""The document at hand: a chip with its name and size, or how far its reading is, or the place to put one."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import awaited, cached, markup, state
from workbench import settings
from workbench.documents.kinds import LABELS, NOUNS, kinds_of
from workbench.documents.reading import locked_pdf
from workbench.documents.reading_jobs import ReadingJob
from workbench.records import NO_DOCUMENT, Document

_POLL_SECONDS = 0.25
_WITH_ROWS = ("csv", "tsv", "jsonl")


def document_card(max_chunk_tokens: int | None) -> Document | None:
    """Show the document, its reading, or the uploader; the document when there is one."""
    suffixes = cached.document_suffixes(state.dataflow_name())
    if not suffixes:
        st.caption("This dataflow reads no document.")
        return NO_DOCUMENT
    if job := awaited.reading():
        _reading(job, awaited.name())
        return None
    at_hand = state.kept("document")
    document = cached.document(at_hand["sha256"], at_hand["name"]) if at_hand else None
    if document and document.kind in kinds_of(suffixes):
        _chip(document, max_chunk_tokens)
        return document
    if document:
        st.caption(f"{markup.plain_label(document.name)} is {NOUNS[document.kind]}; this dataflow takes another kind.")
    _uploader(suffixes)
    if locked := awaited.locked():
        _password_field(*locked)
    return None


def _chip(document: Document, max_chunk_tokens: int | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="document-chip"):
        if (chunks := cached.chunk_count(document, state.dataflow_name(), max_chunk_tokens)) is None:
            _counting(document, max_chunk_tokens)
        else:
            st.html(markup.chip_html(document.name, _detail(document, chunks)))
        st.button("", icon=":material/close:", type="tertiary", key="remove-document", help="Remove", on_click=_remove)
    if document.note:
        st.caption(markup.plain_label(document.note, 200))


@st.fragment(run_every=_POLL_SECONDS)
def _counting(document: Document, max_chunk_tokens: int | None) -> None:
    st.html(markup.chip_html(document.name, _detail(document, None)))
    if cached.chunk_count(document, state.dataflow_name(), max_chunk_tokens) is not None:
        st.rerun()


def _detail(document: Document, chunks: int | None) -> str:
    kilobytes = max(1, round(document.bytes / 1024))
    size = f"{kilobytes:,} KB" if document.bytes < 2**20 else f"{document.bytes / 2**20:,.1f} MB"
    thing = "page" if document.kind == "pdf" else "row" if document.reader in _WITH_ROWS else ""
    parts = [_counted(document.pages, thing), size] if thing else [size]
    return " · ".join([*parts, _counted(chunks, "chunk")] if chunks else parts)


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("s" if number != 1 else "")


def _reading(job: ReadingJob, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="document-chip"):
        _progress(job, name)
        st.button("Cancel", type="tertiary", key="cancel-reading", on_click=awaited.give_up)


@st.fragment(run_every=_POLL_SECONDS)
def _progress(job: ReadingJob, name: str) -> None:
    st.html(markup.chip_html(name, job.headline, job.share))
    if not job.live:
        st.rerun()  # once: the whole page is drawn anew, without polling


def _uploader(suffixes: tuple[str, ...]) -> None:
    key = f"upload-{state.passing('upload', 0)}"
    label = " or ".join(LABELS[kind] for kind in kinds_of(suffixes))
    label = f"{label[0].upper()}{label[1:]}"
    file = st.file_uploader(label, type=list(suffixes), key=key, label_visibility="collapsed")
    if file is not None:
        state.pass_on("upload", state.passing("upload", 0) + 1)  # an uploader under a new key is empty again
        _forget_upload(file.file_id)
        _begin(file.getvalue(), file.name)
    use = "Use the sample document"
    sample = _sample()
    if sample and st.button(use, icon=":material/description:", type="tertiary", key="use-sample"):
        _begin(sample.read_bytes(), sample.name)
    if problem := awaited.problem():
        st.error(problem, icon=":material/error:")


def _sample() -> Path | None:
    """A document to try the dataflow on, where its project has one."""
    root = settings.project()
    named = cached.dataflow(state.dataflow_name()).sample
    path = (root / named).resolve()
    return path if named and path.is_relative_to(root) and path.is_file() else None


def _forget_upload(file_id: str) -> None:
    """Streamlit holds the bytes of an upload until its tab is closed."""
    context = get_script_run_ctx()
    if context and (remove := getattr(context.uploaded_file_mgr, "remove_file", None)):
        remove(context.session_id, file_id)


def _password_field(sha256: str, name: str) -> None:
    with st.form("unlock", border=False):
        password = st.text_input("Password", type="password", key="password")
        wanted = st.form_submit_button("Open")
    pdf = locked_pdf(sha256, settings.home())
    if wanted and pdf:
        _begin(pdf, name, password)


def _begin(content: bytes, name: str, password: str = "") -> None:
    awaited.begin(content, Path(name).name, password)
    st.rerun()


def _remove() -> None:
    state.keep("document", None)
