"""Verdicts on candidates against a baseline, over all documents and in each slice."""

from collections.abc import Collection, Mapping

from workbench.statistics.bootstrap import RESAMPLES
from workbench.statistics.correction import holm
from workbench.statistics.effects import effect_of_pair
from workbench.statistics.scores import Scores, pair
from workbench.statistics.verdict import ALPHA, Verdict, verdict_of


def verdicts_on(
    baseline: Scores,
    candidates: Mapping[str, Scores],
    tags: Mapping[str, Collection[str]] | None = None,
    *,
    lower_is_better: bool = False,
    alpha: float = ALPHA,
    resamples: int = RESAMPLES,
) -> tuple[Verdict, ...]:
    """A verdict on each candidate over all documents, then on each candidate in each slice.

    Args:
        baseline: Document -> scores of its repetitions.
        candidates: Label -> the same.
        tags: Document -> its tags; each tag makes a slice. Tags of unknown documents don't matter.
        lower_is_better: As for seconds and costs.
        alpha: How often the verdicts over all documents may call any winner where there is none; the slices together
            may do so as often again.
        resamples: How often documents are drawn again for the interval of numbers.

    Returns:
        In the order of the candidates; slices in the order of their names.

    Raises:
        InputError: A score is not a finite number.

    Source: those of effect_of_pair(); corrected by Holm 1979.
    """
    slices: dict[str, set[str]] = {}
    for document, own in (tags or {}).items():
        for tag in own:
            slices.setdefault(tag, set()).add(document)
    whole: list[tuple[str, Collection[str] | None]] = [("", None)]
    parts: list[tuple[str, Collection[str] | None]] = [(tag, slices[tag]) for tag in sorted(slices)]
    verdicts: list[Verdict] = []
    for family in (whole, parts):
        asked = [(label, tag, documents) for label in candidates for tag, documents in family]
        pairs = [pair(baseline, candidates[label], documents) for label, _, documents in asked]
        effects = [effect_of_pair(paired, 1 - alpha, resamples) for paired in pairs]
        corrected = holm([effect.p for effect in effects])
        verdicts += [
            verdict_of(
                effect,
                p,
                label,
                tag,
                alpha=alpha,
                questions=len(asked),
                unpaired=paired.unpaired,
                lower_is_better=lower_is_better,
            )
            for (label, tag, _), paired, effect, p in zip(asked, pairs, effects, corrected, strict=True)
        ]
    return tuple(verdicts)
