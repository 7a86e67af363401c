"""What the runs of a new version took beside its parent's, and how they were judged, as a Markdown table."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median

from workbench.export.markdown import cell
from workbench.records import Experiment, Run

_NOTE = (
    "Medians are of the runs that are done (n). Tokens, calls and cost hold reused answers too, at what they came to "
    "when they were made; seconds are of runs that reused none."
)


def figures_text(
    experiment: Experiment | None,
    variants: tuple[str, str],
    labels: tuple[str, str],
    verdicts: Mapping[str, Mapping[str, float]],
) -> str:
    """A table with a row for each figure and a column for each version.

    Args:
        experiment: What was run.
        variants: Labels of both in the experiment; an empty one did not run.
        labels: What they are called in the text.
        verdicts: Document name -> variant label -> score.
    """
    all_runs = experiment.runs if experiment else ()
    sides = [[run for run in all_runs if label and run.variant == label] for label in variants]
    rows = [("Runs", [_standing(runs) for runs in sides])]
    done = [[run for run in runs if run.status == "done"] for runs in sides]
    if any(done):
        rows += [
            ("Seconds, median", [_seconds(runs) for runs in done]),
            ("Tokens in, median", [_median((run.input_tokens for run in runs), ",.0f") for runs in done]),
            ("Tokens out, median", [_median((run.output_tokens for run in runs), ",.0f") for runs in done]),
            ("Calls, median", [_median((len(run.calls) for run in runs), ",g") for runs in done]),
            ("Cost in USD, median", [_cost(runs) for runs in done]),
        ]
    scores = [_scores(verdicts, label) for label in variants]
    if any(scores):
        rows.append(("Verdict score, mean", [_mean(own) for own in scores]))
    head = [_row("Figure", [cell(label) for label in labels]), "| --- | --- | --- |"]
    table = "\n".join([*head, *(_row(name, values) for name, values in rows)])
    return f"{table}\n\n{_NOTE}" if any(done) else table


def _row(name: str, values: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(values)} |"


def _standing(runs: Sequence[Run]) -> str:
    counts = Counter(run.status if run.status in ("done", "failed", "stopped") else "not ended" for run in runs)
    others = [f"{counts[status]:,} {status}" for status in ("failed", "stopped", "not ended") if counts[status]]
    return ", ".join([f"{counts['done']:,} done", *others]) if runs else "did not run"


def _seconds(runs: Sequence[Run]) -> str:
    if runs and all(run.calls_reused for run in runs):
        return "not measured: all runs reused answers"
    return _median((run.seconds for run in runs if not run.calls_reused), ",.1f")


def _cost(runs: Sequence[Run]) -> str:
    pairs = [(run.cost_usd, run.reused_cost_usd) for run in runs]
    known = [paid + reused for paid, reused in pairs if paid is not None and reused is not None]
    if len(known) < len(pairs):
        return f"unknown: no price for {len(pairs) - len(known):,} of {len(pairs):,} runs"
    return _median(known, ".4f")


def _median(values: Iterable[float], form: str) -> str:
    known = list(values)
    return f"{median(known):{form}} (n = {len(known):,})" if known else "–"


def _mean(scores: Sequence[float]) -> str:
    return f"{fmean(scores):.2f} (n = {len(scores):,})" if scores else "–"


def _scores(verdicts: Mapping[str, Mapping[str, float]], label: str) -> list[float]:
    scores = [own[label] for own in verdicts.values() if label and label in own]
    return [score for score in scores if math.isfinite(score)]
