"""Pairs of answers out of the history."""

import random
from collections.abc import Sequence
from itertools import combinations

from workbench.errors import HistoryError
from workbench.history.history import History
from workbench.history.kept import Filters, RunRow
from workbench.review.records import Pair
from workbench.statistics.sides import sides_for

MOST_PAIRS = 300
_EACH = 8
"""One catch trial for so many pairs."""
_FEWEST_FOR_OTHER = 2


def newest_answers(history: History, dataflow: str, label: str) -> dict[str, RunRow]:
    """Document (SHA-256) -> the newest run of a variant on it that is done, of the last 1,000.

    Only of the prompts that it ran with last: a draft keeps its label when it is edited.
    """
    found = history.runs(Filters(dataflow=dataflow, version=label, status="done"), size=1_000).rows
    rows = [row for row in found if row.variant == label and row.document and row.output_sha256]
    prompts = history.prompts_of(rows)
    answers: dict[str, RunRow] = {}
    for row in rows:
        if prompts.get(row.seq) == prompts.get(rows[0].seq):
            answers.setdefault(row.document, row)
    return answers


def pairs_of(
    history: History, dataflow: str, labels: Sequence[str], chance: random.Random
) -> tuple[list[Pair], list[tuple[str, str]]]:
    """Pairs to ask about, catch trials among them; and the labels of those whose answers are equal.

    Args:
        history: Where the runs are.
        dataflow: Whose.
        labels: Of two or more variants, the baseline first.
        chance: Chooses documents for catch trials, and their places.

    Raises:
        HistoryError: No document has answers of two of them.
    """
    answers = {label: newest_answers(history, dataflow, label) for label in labels}
    pairs: list[Pair] = []
    alike: list[tuple[str, str]] = []
    for before, after in combinations(labels, 2):
        for document in answers[before]:
            if document not in answers[after]:
                continue
            left, right = answers[before][document], answers[after][document]
            if left.output_sha256 == right.output_sha256:
                alike.append((before, after))
            else:
                pairs.append(Pair(left.document_name, (left.id, right.id), (before, after)))
    if not pairs and not alike:
        raise HistoryError(
            f"No document has answers of both {' and '.join(labels)}.", "Run them on the same documents first."
        )
    chance.shuffle(pairs)
    kept = pairs[:MOST_PAIRS]
    return _with_catches(kept, chance), alike


def _with_catches(pairs: list[Pair], chance: random.Random) -> list[Pair]:
    """One in eight: twice the same answer, or an answer to another document, at places nobody can tell."""
    found = list(pairs)
    for number in range(len(pairs) // _EACH):
        own = pairs[number]
        others = [pair for pair in pairs if pair.document_name != own.document_name]
        if number % 2 and len(others) >= _FEWEST_FOR_OTHER:
            catch = Pair(own.document_name, (own.runs[0], chance.choice(others).runs[1]), own.labels, "other")
        else:
            catch = Pair(own.document_name, (own.runs[0], own.runs[0]), own.labels, "same")
        found.insert(chance.randrange(len(found) + 1), catch)
    return found


def order_of(count: int, chance: random.Random) -> list[tuple[int, bool]]:
    """A reviewer's own order of pairs, and which of them are flipped, see sides_for."""
    order = list(range(count))
    chance.shuffle(order)
    return [(pair, not baseline_left) for pair, baseline_left in zip(order, sides_for(count, chance), strict=True)]
