"""What all sessions of the process share. Nothing here belongs to a person."""

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dataflows import Dataflow
from workbench import settings
from workbench.comparison.diff_html import inline, side_by_side
from workbench.comparison.diffing import counts, diff_words
from workbench.documents.reading import open_document
from workbench.documents.reading_jobs import ReadingJobs
from workbench.documents.values import suffixes_for
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.chunk_count import ChunkCounts
from workbench.engine.jobs import Jobs
from workbench.engine.plans import Plans
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.graphs.sources import versions_of_dataflow
from workbench.history.privacy import privacy_of
from workbench.models import catalog
from workbench.models.endpoints import Endpoint
from workbench.models.redaction import keep_keys_out_of_logs
from workbench.prompts.finding import FoundPrompt
from workbench.records import Document, Experiment, ModelChoice, Version
from workbench.state.experiments import Experiments
from workbench.state.processes import Processes
from workbench.state.workspaces import Workspaces

if TYPE_CHECKING:
    from pages.shared.evaluate_dataset import OpenDatasets
    from pages.shared.evaluate_live import Evaluations
    from pages.shared.evaluate_planning import Planning
    from workbench.datasets.nouns import Case
    from workbench.export.offers import Offers
    from workbench.history.history import History

STORE_FILE = "calls.db"


@st.cache_resource
def warm() -> None:
    """Freeze what is loaded: Streamlit collects garbage after each run, 50 ms over all the modules there are."""
    keep_keys_out_of_logs(also=lambda text: privacy_of(settings.home()).redacted(text))
    gc.collect()
    gc.freeze()


@st.cache_resource
def workspaces() -> Workspaces:
    """Everyone's bench, each under an id nobody else knows."""
    return Workspaces(settings.home() / "workbench.db")


@st.cache_resource
def experiments() -> Experiments:
    """Experiments that were run."""
    return Experiments(settings.home() / "workbench.db", processes())


@st.cache_resource(ttl=3600, on_release=lambda history: history.close())
def history() -> "History":
    """Every run that was made. Looked after each hour: what waits comes in, what is too old goes."""
    from workbench.history.places import open_history
    from workbench.history.upkeep import look_after

    opened = open_history()
    look_after(opened, experiments())
    return opened


@st.cache_data(ttl=5, show_spinner="Taking in new runs")
def take_in_runs() -> int:
    """Take runs of commands and services into the history; at most once in five seconds."""
    return history().drain()


@st.cache_resource
def processes() -> Processes:
    """The processes that work in the state folder."""
    return Processes(settings.home())


@st.cache_resource(max_entries=32)
def experiment(workspace: str, experiment_id: str) -> Experiment | None:
    """An experiment that this process does not run; it changes no more."""
    return experiments().load(workspace, experiment_id)


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
def evaluations() -> "Evaluations":
    """Evaluations being run, and the last one of each workspace."""
    from pages.shared.evaluate_live import Evaluations  # with what other pages need not wait for

    return Evaluations()


@st.cache_resource
def evaluation_plans() -> "Planning":
    """What evaluations will make and cost."""
    from pages.shared.evaluate_planning import Planning

    return Planning()


@st.cache_resource
def open_datasets() -> "OpenDatasets":
    """Datasets that were opened."""
    from pages.shared.evaluate_dataset import OpenDatasets

    return OpenDatasets()


@st.cache_resource
def offers() -> "Offers":
    """Exports being proved, and those that were."""
    from workbench.export.offers import Offers  # a tenth of a second that the first page need not wait for

    return Offers()


@st.cache_resource(max_entries=16)
def endpoint(kind: str) -> Endpoint:
    """Where "local" or "remote" calls go; for "code" where those go that no client of the code makes."""
    choice = next(choice for choice in catalog.choices(by_code=True) if choice.endpoint == kind)
    return catalog.endpoint_for(choice)


def endpoint_of(choice: ModelChoice) -> Endpoint:
    """Where a model's calls go; one client per endpoint, however many models."""
    return endpoint(choice.endpoint)


def dataflow(name: str) -> Dataflow:
    """A dataflow of the opened project, as it is registered now."""
    return graph.dataflow_named(name)


def versions(dataflow_name: str) -> dict[str, Version]:
    """Its versions as they are now."""
    return versions_of_dataflow(dataflow_name)


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


def chunk_count(document: Document, dataflow_name: str, max_chunk_tokens: int | None) -> int | None:
    """How many pieces a document will be read in; None while they are being counted."""
    inputs = {"max_chunk_tokens": max_chunk_tokens} if max_chunk_tokens else {}
    return chunk_counts().find(document, dataflow_name, inputs)


def found_prompts(dataflow_name: str) -> dict[str, FoundPrompt]:
    """The prompts of the dataflow, in the order of the chain; of the code that is on disk now, in a millisecond."""
    own = dataflow(dataflow_name)
    return graph.prompts_of(graph.build(own, None, {}), own)


def asks_by_itself(dataflow_name: str) -> bool:
    """Whether the dataflow has clients of its own; False when it can't be built, which others tell."""
    own = dataflow(dataflow_name)
    try:
        return graph.asks_by_itself(graph.build(own, None, {}))
    except WorkbenchError:
        return False


def document_suffixes(dataflow_name: str) -> tuple[str, ...]:
    """Ends of the names of files that the dataflow can read; none when it reads no document, or can't be built."""
    own = dataflow(dataflow_name)
    try:
        node = graph.build(own, None, {}).graph.nodes.get(own.document)
    except WorkbenchError:
        return ()
    return suffixes_for(node.type, node.name) if node else ()


def prompt_names(dataflow_name: str) -> list[str]:
    """Names of the prompts, in the order of the chain."""
    return list(found_prompts(dataflow_name))


@st.cache_data(max_entries=64, show_spinner=False)
def difference(left: str, right: str) -> tuple[str, tuple[str, str], tuple[int, int]]:
    """Two texts as (inline HTML, side by side HTML, words removed and added)."""
    changes = diff_words(left, right)
    return inline(changes), side_by_side(changes), counts(changes)


@st.cache_data(max_entries=16, show_spinner=False)
def case_rows(file_sha256: str, _cases: "Sequence[Case]") -> list[dict[str, str]]:  # noqa: ARG001 the key
    """The cases of a file as rows of texts; of a thousand they take half a second to spell."""
    from workbench.datasets.table import rows_of  # with YAML, which the first page need not wait for
    from workbench.datasets.table_check import row_texts

    return row_texts(rows_of(_cases))
