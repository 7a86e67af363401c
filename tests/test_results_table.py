"""The table of an experiment's figures."""

import csv
import io

from workbench.records import Answer, Call, CallRequest, Document, Experiment, ModelChoice, Run, Variant
from workbench.results_table import results_csv

DOCUMENT = Document("a" * 64, "pets, and more.pdf", 10, 1, ("text",), "pypdf")


def experiment_with(output: str) -> Experiment:
    call = Call("summarized_text", 0, CallRequest("o", "m", ()), Answer(output, 7, 3, 1.0, 0.5))
    run = Run("v1", DOCUMENT.sha256, "done", output=output, model="m", calls=(call,), seconds=1.25)
    return Experiment(
        "id", "summarization", ModelChoice("m", "remote"), (Variant("v1", "v1"),), (DOCUMENT,), {}, runs=(run,)
    )


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_each_run_is_a_row_with_its_figures_and_its_answer():
    """Each run is a row with its figures and its answer."""
    rows = rows_of(results_csv(experiment_with('Cats, "dogs"\nand 鳥.')))

    assert rows[0]["document"] == "pets, and more.pdf"
    assert (rows[0]["input_tokens"], rows[0]["output_tokens"], rows[0]["calls_made"]) == ("7", "3", "1")
    assert rows[0]["answer"] == 'Cats, "dogs"\nand 鳥.'


def test_an_answer_that_a_spreadsheet_would_run_is_quoted():
    """An answer that begins like a formula is no formula in a spreadsheet."""
    rows = rows_of(results_csv(experiment_with('=HYPERLINK("http://127.0.0.1")')))

    assert rows[0]["answer"].startswith("'=")


def test_a_lone_surrogate_does_not_stop_the_table():
    """A lone surrogate in an answer is replaced."""
    assert rows_of(results_csv(experiment_with("a\ud800b")))[0]["answer"] == "a?b"
