"""The figures and answers of an experiment as a table."""

import re

import pandas as pd

from workbench.records import Experiment

_FORMULA = re.compile(r"^\s*[=+\-@]")


def results_table(experiment: Experiment) -> pd.DataFrame:
    """A row per run: who, how it went, what it took (seconds, tokens, calls, US dollars), and its answer.

    Lone surrogates become "?", since the table's texts are UTF-8.
    """
    names = {document.sha256: document.name for document in experiment.documents}
    rows = [
        {
            "variant": run.variant,
            "document": _encodable(names.get(run.document, run.document)),
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
            "answer": _encodable(run.output),
            "error": _encodable(run.error[1]) if run.error else "",
        }
        for run in experiment.runs
    ]
    return pd.DataFrame(rows)


def results_csv(experiment: Experiment) -> bytes:
    """The table as CSV (UTF-8 with a mark, which spreadsheets need); a text that a spreadsheet would run gets a quote.

    Source: OWASP, CSV injection.
    """
    table = results_table(experiment).map(lambda cell: _harmless(cell) if isinstance(cell, str) else cell)
    return str(table.to_csv(index=False)).encode("utf-8-sig")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
