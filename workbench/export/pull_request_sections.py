"""The sections of a pull request's text, in their order."""

import re
from collections.abc import Sequence
from pathlib import PureWindowsPath

from workbench.export.markdown import inline, quiet
from workbench.export.no_evidence import evaluate_line, nobody_judged
from workbench.export.proof_lines import ProofLine
from workbench.export.pull_request_answers import answers_text, partings_text
from workbench.export.pull_request_change import Change
from workbench.export.pull_request_diffs import changes_text, prompt_changes
from workbench.export.pull_request_figures import figures_text
from workbench.export.pull_request_pairs import pairs_of
from workbench.export.pull_request_public import project_path, public
from workbench.prompts.versions import FILE_NAME

_VERSION = re.compile("v[1-9][0-9]{0,8}")
_NAME = re.compile("[a-z][a-z0-9_]{0,79}")
# The command's own default.
_DEFAULT_DATAFLOW = "summarization"
_LISTED_PROOFS = 20
_PROOF_CHARS = 200
_EVIDENCE_CHARS = 2_500


class Sections:
    """Everything that is worked out once, to be written at any length."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._labels = (public(change.parent, 40), public(change.label, 40))
        self._variants = (change.before_variant, change.after_variant)
        self._changes = prompt_changes(self._labels, change.prompts_before, change.prompts_after)
        ran = change.experiment
        self._pairs = pairs_of(ran, self._variants, self._labels) if ran else []

    @property
    def documents(self) -> int:
        """How many documents there are to show."""
        return len(self._pairs)

    def text(self, answer_chars: int, diff_chars: int, documents: int) -> str:
        """The whole text.

        Args:
            answer_chars: At most shown of each answer.
            diff_chars: At most shown of each prompt's difference.
            documents: How many are shown.
        """
        change, labels = self._change, self._labels
        nothing_ran = "Neither version was run."
        partings = partings_text(self._pairs, documents) if self._pairs else nothing_ran
        answers = answers_text(self._pairs, labels, documents, answer_chars) if self._pairs else nothing_ran
        sections = [
            ("What changed", changes_text(self._changes, diff_chars)),
            ("Where the chain first differs", partings),
            ("Answers side by side", answers),
            ("Figures", figures_text(change.experiment, self._variants, labels, change.verdicts)),
            ("Evidence", _evidence(change)),
            ("Proof", _proof(change.proof)),
            ("How to roll back", _way_back(change)),
        ]
        return "\n\n".join([_summary(change, labels), *(f"## {title}\n\n{body}" for title, body in sections)]) + "\n"


def _summary(change: Change, labels: tuple[str, str]) -> str:
    parent, label = (quiet(own) for own in labels)
    reason = quiet(public(change.reason, 500)) or "no reason was given"
    place = inline(project_path(change.path))
    model = f"; the model is {inline(public(change.model, 80), 80)}" if change.model.strip() else ""
    names = f"Version {label} of the prompts of {inline(public(change.dataflow, 80), 80)}"
    return f"{names}, edited from {parent}: {reason}\n\nThe new file is {place}{model}."


def _evidence(change: Change) -> str:
    if change.evidence:
        told = (quiet(public(own, _EVIDENCE_CHARS), _EVIDENCE_CHARS) for own in change.evidence)
        return "\n".join(f"- {own}" for own in told)
    # Variants in a module that is there already go by Hamilton's config.
    is_module = FILE_NAME.fullmatch(PureWindowsPath(change.path).name)
    label = change.label if is_module else f"version={change.label}"
    line = evaluate_line(change.dataflow, label, change.parent, change.dataset or "DATASET")
    keep = f"python -m workbench export --dataflow {change.dataflow} --variant {label} --evidence"
    judge = f"On this branch, {inline(line, 400)} judges it" if line else "Evaluate both before you merge"
    judge += f", and {inline(keep, 300)} keeps what was found with it." if line and is_module else "."
    return f"{nobody_judged(quiet(public(change.parent, 40)))} {judge}"


def _proof(lines: Sequence[ProofLine]) -> str:
    shown = [_proof_line(line) for line in lines[:_LISTED_PROOFS]]
    if len(lines) > _LISTED_PROOFS:
        shown.append(f"- Lines left out here: {len(lines) - _LISTED_PROOFS:,}.")
    return "\n".join(shown) or "Nothing was proved."


def _proof_line(line: ProofLine) -> str:
    claim, detail = (quiet(public(text, _PROOF_CHARS), _PROOF_CHARS) for text in (line.claim, line.detail))
    return f"- [{'x' if line.ok else ' '}] {claim}" + (f" ({detail})" if detail else "")


def _way_back(change: Change) -> str:
    if change.current_path is None:
        return (
            "No file names the version in production. Undo the merge of this pull request with `git revert -m 1` and "
            "its commit, or let your code import the version before."
        )
    # A command is copied and run, so only a plain label may stand in it.
    label = change.parent if _VERSION.fullmatch(change.parent) else "<version>"
    dataflow = change.dataflow if _NAME.fullmatch(change.dataflow) else "<dataflow>"
    option = "" if dataflow == _DEFAULT_DATAFLOW else f" --dataflow {dataflow}"
    place = inline(project_path(change.current_path))
    return (
        f"Production uses the version that {place} names. `python -m workbench rollback {label}{option}` makes "
        "a branch that changes this one line back; bring it in as a pull request. No version is lost."
    )
