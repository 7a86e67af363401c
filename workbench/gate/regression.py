"""Recorded cases held against those of the baseline, document by document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from workbench.cases.record import record_path
from workbench.gate.findings import Finding
from workbench.gate.hidden import visible
from workbench.gate.module import PromptModule

_ROUNDING = 1e-9


@dataclass(frozen=True)
class _Scores:
    """Of one document."""

    name: str
    scores: list[float]

    @property
    def mean(self) -> float:
        return fmean(self.scores)


def regression_findings(
    module: PromptModule, label: str, answer: Mapping[str, Any], tolerance: float
) -> Iterator[Finding]:
    """Documents that are missing, or that score worse than with the baseline's version.

    Args:
        module: Whose cases are looked at.
        label: Of the baseline's version.
        answer: What came of running the module; both records' cases are in it, judged by the same assertions.
        tolerance: How much lower a score may be, from 0 to 1; the mean over repetitions counts, and the mean over
            documents too.
    """
    path = record_path(module.dataflow, f"v{module.number}")
    before, after = _by_document(answer["baseline_cases"]), _by_document(answer["cases"])
    differences = []
    for sha256, old in before.items():
        name = visible(old.name, 100)
        new = after.get(sha256)
        if new is None:
            message = f"{name} is a case of {label} at the baseline, but not of v{module.number}"
            hint = f"Run v{module.number} on it, then record its cases anew."
            yield Finding("case-missing", "error", path, 1, message, hint, document=old.name)
        elif old.scores and not new.scores:
            message = f"{name} scores {old.mean:.3g} with {label}, but no assertion is for it now"
            yield Finding("regression", "error", path, 1, message, "Keep the name of the document.", document=old.name)
        elif old.scores:
            differences.append(new.mean - old.mean)
            if differences[-1] < -tolerance - _ROUNDING:
                message = (
                    f"{name} scores {new.mean:.3g} with v{module.number} (n = {len(new.scores)}) and {old.mean:.3g} "
                    f"with {label} (n = {len(old.scores)}); at most {tolerance:g} less is allowed"
                )
                hint = f"Compare both versions on {name}, and change the prompt until it is as good."
                yield Finding("regression", "error", path, 1, message, hint, document=old.name)
    if differences and fmean(differences) < -tolerance - _ROUNDING:
        message = (
            f"v{module.number} scores {-fmean(differences):.3g} less than {label} on average over "
            f"{len(differences)} documents; at most {tolerance:g} less is allowed"
        )
        yield Finding("regression", "error", path, 1, message, "Change the prompt until it is as good.")


def _by_document(cases: Sequence[Mapping[str, Any]]) -> dict[str, _Scores]:
    """SHA-256 of a document -> its scores over all cases of it, repetitions and inputs alike."""
    found: dict[str, _Scores] = {}
    for case in cases:
        own = found.setdefault(case["sha256"], _Scores(case["document"], []))
        if case["score"] is not None:
            own.scores.append(case["score"])
    return found
