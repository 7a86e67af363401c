"""The document this browser waits for: its reading goes on in the background, whatever page is open, or none."""

import streamlit as st

from pages.shared import cached, markup, state
from workbench import settings
from workbench.documents.kinds import NOUNS, kinds_of
from workbench.documents.pdf_refusals import interrupted
from workbench.documents.reading import open_document
from workbench.documents.reading_jobs import ReadingJob
from workbench.errors import DocumentError, WorkbenchError


def begin(content: bytes, name: str, password: str = "") -> None:
    """Have a file read; what was said of the one before is forgotten."""
    state.pass_on("locked", None)
    state.pass_on("document-problem", None)
    try:
        sha256, identity = cached.readings().begin(content, name, state.workspace(), password)
        state.keep("reading", {"sha256": sha256, "identity": identity, "name": name})
    except DocumentError as error:
        _tell(error)


def reading() -> ReadingJob | None:
    """What goes on; when it has ended, the page is drawn anew with its document on the bench, or its problem told."""
    if not (kept := state.kept("reading")):
        return None
    job = cached.readings().find(kept["identity"])
    if job and job.live:
        return job
    state.keep("reading", None)
    _settle(kept["sha256"], kept["identity"], kept["name"], job)
    st.rerun()


def name() -> str:
    """Of the file that is being read."""
    return str(state.kept("reading", {}).get("name", ""))


def give_up() -> None:
    """Wait no more; the child ends, unless somebody else waits for the same PDF."""
    if kept := state.kept("reading"):
        cached.readings().give_up(kept["identity"], state.workspace())
        state.keep("reading", None)


def problem() -> str:
    """Why there is no document, as Markdown; empty when none was given."""
    return str(state.passing("document-problem") or "")


def locked() -> tuple[str, str] | None:
    """Hash and name of the PDF that waits for its password."""
    found: tuple[str, str] | None = state.passing("locked")
    return found


def why_no_document() -> str:
    """What to tell a person who wants to run while document_card gives no document, as Markdown."""
    if not (kept := state.kept("reading")):
        first, *_ = kinds_of(cached.document_suffixes(state.dataflow_name())) or ["pdf"]
        return f"Add {NOUNS[first]} first{', or use the sample document' if first == 'pdf' else ''}."
    job = cached.readings().find(kept["identity"])
    far = f": {job.headline[0].lower()}{job.headline[1:]}" if job and job.live else ""
    return f"{markup.plain_label(kept['name'])} is not read yet{far}. Run when it is."


def _settle(sha256: str, identity: str, name: str, job: ReadingJob | None) -> None:
    error = job.error(name) if job else None
    if not error and open_document(identity, name, settings.home()):
        cached.document.clear(identity, name)  # it may have been looked for in vain before
        state.keep("document", {"sha256": identity, "name": name})
        return
    _tell(error or interrupted(name))
    if isinstance(error, DocumentError) and error.kind == "encrypted":
        state.pass_on("locked", (sha256, name))


def _tell(error: WorkbenchError) -> None:
    state.pass_on("document-problem", markup.plain_label(f"{error.message} {error.hint}".strip(), 400))
