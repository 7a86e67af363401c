"""What is said where nobody has judged a version, and the line that has it judged."""

import re
import shlex
from pathlib import Path

from workbench.models.redaction import redact
from workbench.records import Variant

_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_.=-]{0,79}")
_PLACE = "DATASET"
_DRAFT = "draft"


def nobody_judged(base: str) -> str:
    """That there is no evidence, as a sentence.

    Args:
        base: Label of the version it would be held against, as it is to be shown.
    """
    return f"Nobody has judged it against {base}: no evaluation and no blind review says yet that it is better."


def evaluate_line(dataflow: str, label: str, base: str, dataset: str = _PLACE) -> str:
    """The command that holds a version against another one; empty where a name may stand in no shell or holds a key.

    Args:
        dataflow: Whose versions they are.
        label: Of the version.
        base: Of the other one.
        dataset: A folder of datasets/.
    """
    names = (dataflow, label, base, dataset)
    if not all(map(_NAME.fullmatch, names)) or any(redact(name) != name for name in names):
        return ""
    return f"python -m workbench evaluate {dataset} --dataflow {dataflow} --variant {label} --baseline {base}"


def evaluate_draft_line(root: Path, dataflow: str, variant: Variant) -> str:
    """The command that holds a draft against its base; each edited prompt is read from a file of its name.

    Empty for a combination of versions, which `evaluate --grid` runs, and for a version as it is.
    """
    if variant.prompts_from or not variant.templates:
        return ""
    draft = variant.label if _NAME.fullmatch(variant.label) and "=" not in variant.label else _DRAFT
    words = ["python", "-m", "workbench", "evaluate", dataset_named(root, dataflow), "--dataflow", dataflow]
    words += ["--draft", f"{draft}={variant.base}"]
    for name in variant.templates:
        words += ["--set", f"{draft}.{name}=@{name}.txt"]
    return shlex.join([*words, "--baseline", variant.base])


def dataset_named(root: Path, dataflow: str) -> str:
    """The folder of datasets/ that has the dataflow's name, else the first one with cases; "DATASET" without any."""
    found = sorted(path.parent.name for path in (root / "datasets").glob("*/cases.yaml"))
    fitting = [name for name in found if _NAME.fullmatch(name)]
    return dataflow if dataflow in fitting else next(iter(fitting), _PLACE)
