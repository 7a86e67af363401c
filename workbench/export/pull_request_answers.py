"""The answers of a new version beside its parent's, for a pull request."""

from collections.abc import Sequence

from workbench.export.markdown import fenced, inline, quiet
from workbench.export.pull_request_pairs import Pair, summary_of
from workbench.export.pull_request_public import public
from workbench.records import Run


def partings_text(pairs: Sequence[Pair], documents: int) -> str:
    """Where the chain first differs, a line for each of the first documents and the sum of all."""
    lines = [f"- {_name(pair)}: {quiet(pair.line.rstrip('.'), 600)}." for pair in pairs[:documents]]
    if len(pairs) > documents:
        lines.append(f"- Documents left out here: {len(pairs) - documents:,}.")
    return "\n".join([summary_of(pairs), "", *lines])


def answers_text(pairs: Sequence[Pair], labels: tuple[str, str], documents: int, limit: int) -> str:
    """Both answers for each of the first documents.

    Args:
        pairs: By document.
        labels: What the two are called.
        documents: How many are shown.
        limit: Characters of each answer.
    """
    parts = [_folded(pair, labels, limit) for pair in pairs[:documents]]
    if len(pairs) > documents:
        parts.append(f"Documents whose answers are left out here: {len(pairs) - documents:,}.")
    return "\n\n".join(parts)


def _folded(pair: Pair, labels: tuple[str, str], limit: int) -> str:
    # Nothing from outside stands between the tags: in there it would be HTML, not Markdown.
    runs = (pair.left, pair.right)
    outputs = [run.output for run in runs if run and run.status == "done"]
    if len(outputs) == len(runs) and len(set(outputs)) == 1:
        title, answers = "The answer, the same from both", [_answer("Both", pair.right, pair.answers[0], limit)]
    else:
        title = "Answers"
        sides = zip(labels, runs, pair.answers, strict=True)
        answers = [_answer(quiet(label, 80), run, answer, limit) for label, run, answer in sides]
    body = "\n\n".join(answers)
    return f"{_name(pair)}\n\n<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _answer(who: str, run: Run | None, answer: str, limit: int) -> str:
    if run is None:
        return f"{who}: no run."
    if run.status != "done":
        error = f": {quiet(public(run.error[1], 300))}" if run.error else ""
        return f"{who}: {run.status}{error}"
    if not run.output.strip():
        return f"{who}: an empty answer."
    cut = f" (the first {limit:,} of {len(run.output):,} characters)" if len(run.output) > limit else ""
    return f"{who}{cut}:\n\n{fenced(answer[:limit], 'text')}"


def _name(pair: Pair) -> str:
    return inline(public(pair.document.name, 80), 80)
