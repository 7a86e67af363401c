"""How near an answer's vector is to those of the expected texts.

Source of the measures, their limits and scores: promptfoo, site/docs/configuration/expected-outputs/similar.md, and
src/matchers/similarity.ts.
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.assertions.findings import Finding, unknown
from workbench.assertions.texts import show, text_of

DEFAULT_LIMIT = 0.75
_Vector = Sequence[float]


@dataclass(frozen=True)
class _Measure:
    name: str
    of: Callable[[_Vector, _Vector], float]
    """NaN where there is none."""
    is_distance: bool = False


def similarity_finding(
    kind: str, threshold: float | None, output: _Vector, expected: Sequence[tuple[str, _Vector]]
) -> Finding:
    """Whether the answer is similar enough to one of the expected texts; the nearest one's score counts.

    Args:
        kind: "similar" alone or with ":cosine", ":dot" or ":euclidean".
        threshold: The least similarity, or the largest distance; None: 0.75.
        output: The answer's vector.
        expected: Each text with its vector, at least one.
    """
    measure = _MEASURES[kind.partition(":")[2]]
    limit = DEFAULT_LIMIT if threshold is None else threshold
    found = [(_measured(measure, output, vector), text) for text, vector in expected]
    if not all(math.isfinite(value) for value, _ in found):
        return unknown("the embedding model's vectors can't be compared: their lengths differ, or one is zero")
    value, nearest = min(found) if measure.is_distance else max(found)
    # One rounding of the last place must not decide. The margin is promptfoo's.
    margin = sys.float_info.epsilon
    holds = value <= limit + margin if measure.is_distance else value >= limit - margin
    score = 1 / (1 + value) if measure.is_distance else min(1.0, max(0.0, value))
    among = "" if len(expected) == 1 else f", the nearest of {len(expected)}"
    return Finding(holds, f"{measure.name} {show(nearest)}{among} is {value:.2f}; the limit is {text_of(limit)}", score)


def _measured(measure: _Measure, left: _Vector, right: _Vector) -> float:
    return measure.of(left, right) if len(left) == len(right) else math.nan


def _cosine(left: _Vector, right: _Vector) -> float:
    lengths = math.hypot(*left) * math.hypot(*right)
    return _dot(left, right) / lengths if lengths else math.nan


def _dot(left: _Vector, right: _Vector) -> float:
    return math.fsum(one * other for one, other in zip(left, right, strict=True))


_MEASURES = {
    "": _Measure("the cosine similarity to", _cosine),
    "cosine": _Measure("the cosine similarity to", _cosine),
    "dot": _Measure("the dot product with", _dot),
    "euclidean": _Measure("the distance to", math.dist, is_distance=True),
}
