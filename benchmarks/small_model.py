"""How long the small model takes: the built-in sample and an 8-page PDF, three versions side by side."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_seconds
from benchmarks.prose import pages
from benchmarks.tables import at_most, table
from tests.pdfs import text_pdf
from workbench import settings
from workbench.documents.reading import read_document
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.models.catalog import choice_named, endpoint_for
from workbench.models.local_server import local_model_problem, stop_server
from workbench.prompts.versions import versions_of
from workbench.records import Document, Experiment, Run, Variant
from workbench.report import chunk_count

_LABELS = ("v1", "v2", "v3")
_FIRST_TOKEN_BOUND = 5.0
_ANSWERS_BOUND = 30.0
_PAGES = 8
_CHARACTERS = 38_000


@dataclass(frozen=True)
class Figures:
    """What one experiment took; seconds from its start, CPU of this process and of the model's."""

    runs: tuple[Run, ...]
    chunks: int
    first_token: float
    cpu: float
    wall: float


def run_versions(document: Document, labels: tuple[str, ...], home: Path) -> Figures:
    """The versions side by side with an empty store and a model that is not running yet.

    Raises:
        RuntimeError: A run did not end well.
    """
    stop_server()
    versions = versions_of("summarization", settings.ROOT)
    choice = choice_named("local")
    variants = tuple(Variant(label, label) for label in labels)
    pool = CallPool(CallStore(home / "calls.db"))
    own = cpu_seconds(os.getpid())
    start = time.perf_counter()
    job = Job(
        Experiment("bench", "summarization", choice, variants, (document,), {}), versions, pool, endpoint_for(choice)
    )
    job.start()
    job.wait()
    wall = time.perf_counter() - start
    # The model's process was started within and lives on, so all of its CPU is in here.
    cpu = cpu_seconds(os.getpid()) - own
    experiment = job.experiment()
    pool.close()
    stop_server()
    failed = [run.error for run in experiment.runs if run.status != "done"]
    if failed:
        raise RuntimeError(f"a run of the small model ended with {failed[0]}")
    first = min(run.first_token_seconds or wall for run in experiment.runs)
    return Figures(experiment.runs, chunk_count(experiment, document), first, cpu, wall)


def measure(*, quick: bool = False) -> str:
    """The table; three minutes, or half a minute when quick: then only the sample is read, by v3."""
    if problem := local_model_problem():
        return table("Small model", ("what", "figure"), [("not measured", problem)])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = settings.SAMPLE
        sample = read_document(path.read_bytes(), path.name, home)
        cases = [("the sample", sample, ("v3",) if quick else _LABELS)]
        if not quick:
            pdf = text_pdf(pages(_PAGES, _CHARACTERS))
            cases.append(("8 pages", read_document(pdf, "eight-pages.pdf", home), _LABELS))
        rows: list[tuple[object, ...]] = []
        for name, document, labels in cases:
            with tempfile.TemporaryDirectory() as state:
                figures = run_versions(document, labels, Path(state))
            rows += _rows(name, document, figures, promised=name == "the sample")
    heads = ("document", "what", "figure", "unit", "promised")
    return table("Small model, started anew for each document", heads, rows)


def _rows(name: str, document: Document, figures: Figures, *, promised: bool) -> list[tuple[object, ...]]:
    size = f"{document.pages} pages, {document.characters:,} characters, {figures.chunks} chunks"
    first = at_most(figures.first_token, _FIRST_TOKEN_BOUND, "s")
    rows: list[tuple[object, ...]] = [(name, size, "", "", "")]
    rows.append(("", "first token of any version", figures.first_token, "s", first if promised else ""))
    for run in figures.runs:
        bound = at_most(run.seconds, _ANSWERS_BOUND, "s") if promised else ""
        words = len(run.output.split())
        rows.append(("", f"{run.variant}: first token", run.first_token_seconds or 0.0, "s", ""))
        rows.append(("", f"{run.variant}: complete answer of {words} words", run.seconds, "s", bound))
    made = sum(run.calls_made for run in figures.runs)
    rows.append(("", f"CPU of all {made} calls, on {os.cpu_count()} cores", figures.cpu, "CPU s", ""))
    rows.append(("", "cores it got (below 1: the machine was busy)", figures.cpu / figures.wall, "cores", ""))
    return rows
