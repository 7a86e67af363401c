"""The figures and answers of an experiment as a table."""

import pandas as pd

from workbench.csv_file import csv_bytes, encodable
from workbench.records import Experiment


def results_table(experiment: Experiment) -> pd.DataFrame:
    """A row per run: who, how it went, what it took (seconds, tokens, calls, US dollars), and its answer.

    Lone surrogates become "?", since the table's texts are UTF-8.
    """
    names = {document.sha256: document.name for document in experiment.documents}
    rows = [
        {
            "variant": run.variant,
            "document": encodable(names.get(run.document, run.document)),
            "repetition": run.repetition + 1,
            "model": run.model,
            "status": run.status,
            "seconds": round(run.seconds, 3),
            "first_token_seconds": run.first_token_seconds,
            "input_tokens": run.input_tokens,
            "output_tokens": run.output_tokens,
            "calls_made": run.calls_made,
            "calls_reused": run.calls_reused,
            "cost_usd": run.cost_usd,
            "answer": encodable(run.output),
            "error": encodable(run.error[1]) if run.error else "",
        }
        for run in experiment.runs
    ]
    return pd.DataFrame(rows)


def results_csv(experiment: Experiment) -> bytes:
    """The table as CSV, see csv_bytes."""
    return csv_bytes(results_table(experiment))
