"""What the dataflow's assertions say of the outputs that were compared."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from workbench.assertions.cases import load_tests
from workbench.case_verdicts import judge
from workbench.cases.record import record_of, tests_path
from workbench.errors import WorkbenchError
from workbench.records import Experiment


def verdicts_of(root: Path, experiment: Experiment, labels: Sequence[str]) -> Mapping[str, Mapping[str, float]]:
    """Document name -> variant label -> score from 0 to 1, the mean over repetitions; empty without assertions.

    Args:
        root: The project; its datasets/<dataflow>/tests.yaml has the assertions.
        experiment: With its runs.
        labels: The variants that are compared.
    """
    path = root / tests_path(experiment.dataflow)
    if not path.is_file():
        return {}
    try:
        tests = load_tests(path.read_text("utf-8"))
    except (WorkbenchError, UnicodeDecodeError):
        return {}  # the gate says what is wrong with it
    scores: dict[str, dict[str, list[float]]] = {}
    for variant in (own for own in experiment.variants if own.label in labels):
        for case in record_of(experiment, variant, "", "").cases:
            score = judge(case, tests).score
            if score is not None:
                scores.setdefault(case.document.name, {}).setdefault(variant.label, []).append(score)
    return {name: {label: fmean(values) for label, values in own.items()} for name, own in scores.items()}
