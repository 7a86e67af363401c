"""How long each hostile PDF holds a person up, whether work beside it notices, and what a long one takes."""

import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from benchmarks import long_reading
from benchmarks.sleeping_runs import Shape, documents_of, experiment_of, run_once
from benchmarks.tables import at_most, table
from tests import pdfs
from workbench.documents.reading import read_document
from workbench.errors import DocumentError

_SECONDS_BOUND = 25.0
_DISTURBED_BOUND = 1.25
_BESIDE = Shape(1, 4, 100)
_IN_FLIGHT = 16


def hostile() -> dict[str, bytes]:
    """Name -> PDF that ends in a message of its own."""
    return {
        "encrypted": pdfs.encrypted_pdf(["secret"], "word"),
        "truncated": pdfs.truncated_pdf(),
        "image only": pdfs.image_only_pdf(2),
        "zero pages": pdfs.zero_page_pdf(),
        "3 GB of memory": pdfs.memory_bomb_pdf(3),
    }


def refused_in(pdf: bytes) -> tuple[float, str]:
    """Seconds until a PDF is refused, and the message."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        try:
            read_document(pdf, "it.pdf", Path(folder))
        except DocumentError as error:
            return time.perf_counter() - start, error.message
    raise RuntimeError("a hostile PDF gave a text")


def ratios_beside(pdf: bytes) -> tuple[float, list[float]]:
    """Seconds until the PDF is refused, while experiments run without a pause, and wall ÷ limit of each of them."""
    experiment = experiment_of(_BESIDE, documents_of(_BESIDE))
    took: list[float] = []
    reader = threading.Thread(target=lambda: took.append(refused_in(pdf)[0]))
    ratios: list[float] = []
    reader.start()
    while not ratios or reader.is_alive():
        ratios.append(run_once(experiment, _BESIDE, _IN_FLIGHT).wall / _BESIDE.limit(_IN_FLIGHT))
    reader.join()
    return took[0], ratios


def measure(*, quick: bool = False) -> str:
    """Two tables; a minute and a half. Quick: only the 3 GB one is read beside a running experiment."""
    experiment = experiment_of(_BESIDE, documents_of(_BESIDE))
    alone_ratio = median(
        run_once(experiment, _BESIDE, _IN_FLIGHT).wall / _BESIDE.limit(_IN_FLIGHT) for _ in range(1 if quick else 3)
    )
    rows: list[tuple[object, ...]] = []
    for name, pdf in hostile().items():
        alone, message = refused_in(pdf)
        if quick and name != "3 GB of memory":
            rows.append((name, alone, "–", at_most(alone, _SECONDS_BOUND, "s"), "–", "", message))
            continue
        beside, ratios = ratios_beside(pdf)
        disturbed = max(ratios) / alone_ratio
        rows.append(
            (
                name,
                alone,
                beside,
                at_most(max(alone, beside), _SECONDS_BOUND, "s"),
                disturbed,
                at_most(disturbed, _DISTURBED_BOUND),
                message,
            )
        )
    heads = (
        "PDF",
        "alone, s",
        "beside a running experiment, s",
        "promised",
        "the experiment's wall ÷ its wall alone, worst run",
        "promised",
        "message",
    )
    hostile_ones = table(f"Hostile PDFs (an experiment alone: {alone_ratio:.2f} × limit)", heads, rows)
    long_one = table("A long PDF", ("what", "figure", "unit", "promised"), long_reading.rows(quick=quick))
    return f"{hostile_ones}\n{long_one}"
