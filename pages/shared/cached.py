"""What all sessions of the process share. Nothing here belongs to a person."""

import gc
from typing import TYPE_CHECKING

import streamlit as st

from dataflows import DATAFLOWS
from workbench import settings
from workbench.comparison.diff_html import inline, side_by_side
from workbench.comparison.diffing import counts, diff_words
from workbench.documents.reading import open_document
from workbench.documents.reading_jobs import ReadingJobs
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Jobs
from workbench.engine.plans import Plans
from workbench.graphs import graph
from workbench.graphs.chunk_count import ChunkCounts
from workbench.models import catalog
from workbench.models.endpoints import Endpoint
from workbench.models.redaction import keep_keys_out_of_logs
from workbench.prompts.versions import versions_of
from workbench.records import Document, Experiment, ModelChoice, Version
from workbench.state.history import History
from workbench.state.processes import Processes
from workbench.state.workspaces import Workspaces

if TYPE_CHECKING:
    from workbench.export.offers import Offers

DATAFLOW = "summarization"
STORE_FILE = "calls.db"


@st.cache_resource
def warm() -> None:
    """Freeze what is loaded: Streamlit collects garbage after each run, 50 ms over all the modules there are."""
    keep_keys_out_of_logs()
    gc.collect()
    gc.freeze()


@st.cache_resource
def workspaces() -> Workspaces:
    """Everyone's bench, each under an id nobody else knows."""
    return Workspaces(settings.home() / "workbench.db")


@st.cache_resource
def history() -> History:
    """Experiments that were run."""
    return History(settings.home() / "workbench.db", processes())


@st.cache_resource
def processes() -> Processes:
    """The processes that work in the state folder."""
    return Processes(settings.home())


@st.cache_resource(max_entries=32)
def experiment(workspace: str, experiment_id: str) -> Experiment | None:
    """An experiment that this process does not run; it changes no more."""
    return history().load(workspace, experiment_id)


@st.cache_resource
def jobs() -> Jobs:
    """Experiments being run."""
    return Jobs()


@st.cache_resource
def store() -> CallStore:
    """Answers that are kept."""
    return CallStore(settings.home() / STORE_FILE)


@st.cache_resource
def pool() -> CallPool:
    """The model calls of the process."""
    return CallPool(store())


@st.cache_resource
def plans() -> Plans:
    """What runs will make and cost."""
    return Plans(store())


@st.cache_resource
def offers() -> "Offers":
    """Exports being proved, and those that were."""
    from workbench.export.offers import Offers  # a tenth of a second that the first page need not wait for

    return Offers()


@st.cache_resource(max_entries=16)
def endpoint(kind: str) -> Endpoint:
    """Where "local" or "remote" calls go."""
    choice = next(choice for choice in catalog.choices() if choice.endpoint == kind)
    return catalog.endpoint_for(choice)


def endpoint_of(choice: ModelChoice) -> Endpoint:
    """Where a model's calls go; one client per endpoint, however many models."""
    return endpoint(choice.endpoint)


def versions() -> dict[str, Version]:
    """The versions as they are on disk now."""
    return versions_of(DATAFLOW, settings.ROOT)


@st.cache_resource(max_entries=64)
def document(sha256: str, name: str) -> Document | None:
    """The text of a document that was read before; whoever knows the hash has had the bytes."""
    return open_document(sha256, name, settings.home())


@st.cache_resource
def readings() -> ReadingJobs:
    """PDFs being read."""
    return ReadingJobs(settings.home())


@st.cache_resource
def chunk_counts() -> ChunkCounts:
    """How many pieces documents will be read in."""
    return ChunkCounts()


def chunk_count(document: Document, max_chunk_tokens: int | None) -> int | None:
    """How many pieces a document will be read in; None while they are being counted."""
    inputs = {"max_chunk_tokens": max_chunk_tokens} if max_chunk_tokens else {}
    return chunk_counts().find(document, DATAFLOW, inputs)


def prompt_names() -> list[str]:
    """The prompts of the dataflow, in the order of the chain; of the code that is on disk now, in a millisecond."""
    return graph.prompt_names(graph.build(DATAFLOWS[DATAFLOW], None, {}))


@st.cache_data(max_entries=64, show_spinner=False)
def difference(left: str, right: str) -> tuple[str, tuple[str, str], tuple[int, int]]:
    """Two texts as (inline HTML, side by side HTML, words removed and added)."""
    changes = diff_words(left, right)
    return inline(changes), side_by_side(changes), counts(changes)
