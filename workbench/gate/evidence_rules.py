"""What must be true of the evidence for a version: there is some, it is the version's own, and not against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.errors import VersionError
from workbench.evaluation.evidence import Evidence, word_of_all
from workbench.evaluation.evidence_file import evidence_path, read_evidence
from workbench.evaluation.evidence_sentence import evidence_sentence
from workbench.evaluation.prompt_texts import texts_sha256
from workbench.gate.baseline import Baseline
from workbench.gate.findings import Finding, Level, VersionEvidence
from workbench.gate.hidden import visible
from workbench.gate.module import PROMPT_SUFFIX, PromptModule, read_module
from workbench.gate.selection import FOLDER, number_of
from workbench.prompts.current import current_of
from workbench.prompts.provenance import read_provenance

Policy = Literal["warn", "require", "off"]

_OWN_HINT = "Have these prompts judged, then write the file by `python -m workbench export --variant {} --evidence`."


@dataclass(frozen=True)
class EvidencePart:
    """What was found of the evidence."""

    findings: tuple[Finding, ...] = ()
    told: tuple[VersionEvidence, ...] = ()


def check_evidence(
    root: Path, modules: Sequence[PromptModule], baseline: Baseline | None, policy: Policy
) -> EvidencePart:
    """The evidence that stands in the project for these modules; no call is made, and nothing of them is run.

    A version needs evidence when it is new: not at the baseline, or without one, above the version that current.py
    names. The first version has nothing to be held against.

    Args:
        root: The project.
        modules: Those that can be read.
        baseline: What the checkout is held against.
        policy: "warn": nothing but evidence that is not the version's own fails; "require": a new version needs to be
            better; "off": nothing is looked at.
    """
    if policy == "off":
        return EvidencePart()
    findings: list[Finding] = []
    told = []
    for module in modules:
        label = f"v{module.number}"
        try:
            evidence = read_evidence(root, module.dataflow, label) or ()
            own = list(_not_its_own(root, module, evidence))
        except VersionError as error:
            evidence = ()
            own = [_of_file(module, error.message, error.hint)]
        findings += own
        if not own and evidence:
            sentences = tuple(map(evidence_sentence, evidence))
            told.append(VersionEvidence(module.path, label, word_of_all(evidence), sentences))
        if not own and (parent := _parent(root, module)) and _is_new(root, module, baseline):
            findings += _of_new(module, parent, evidence, "error" if policy == "require" else "warning")
    return EvidencePart(tuple(findings), tuple(told))


def _of_new(module: PromptModule, parent: str, evidence: Sequence[Evidence], level: Level) -> Iterator[Finding]:
    label, word = f"v{module.number}", word_of_all(evidence)
    if not evidence:
        message = f"{label} has no evidence: no evaluation and no blind review says that it is better than {parent}"
        evaluate = f"evaluate DATASET --dataflow {module.dataflow} --variant {label} --baseline {parent}"
        keep = f"export --dataflow {module.dataflow} --variant {label} --evidence"
        hint = f"Run `python -m workbench {evaluate}`, then `python -m workbench {keep}`."
        yield module.finding("evidence", 1, message, hint, level=level)
    elif word == "worse":
        worse = next(own for own in evidence if own.figures.word == "worse")
        message = f"{label} is worse: {visible(evidence_sentence(worse), 400)}"
        yield module.finding("evidence", 1, message, "Change the prompts, or say why it is wanted.", level=level)
    elif word == "not enough evidence" and level == "error":
        message = f"the evidence for {label} decides nothing: {visible(evidence_sentence(evidence[0]), 400)}"
        yield module.finding("evidence", 1, message, "Evaluate it on more documents.")
    if word != "worse" and (parts := list(dict.fromkeys(own.tag for each in evidence for own in each.worse_slices))):
        names = ", ".join(visible(own, 60) for own in parts[:5])
        more = f" and {len(parts) - 5} more" if len(parts) > 5 else ""
        message = f"{label} is worse on the {'tag' if len(parts) == 1 else 'tags'} {names}{more}"
        hint = "Look at these cases before you merge it."
        yield module.finding("evidence", 1, message, hint, level="warning")


def _not_its_own(root: Path, module: PromptModule, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Evidence of other prompts, or against others than those that go by the label."""
    hint = _OWN_HINT.format(f"v{module.number}")
    hashes = _hashes(module)
    for own in evidence:
        if own.prompts_sha256 not in hashes:
            message = f"the evidence is of other prompts than {Path(module.path).name} has, so it says nothing of them"
            yield _of_file(module, message, hint)
            return
        path = f"{FOLDER}/{module.dataflow}/prompts_{own.baseline}.py"
        other = read_module(root, path) if number_of(path) and (root / path).is_file() else None
        if isinstance(other, PromptModule) and own.baseline_sha256 not in _hashes(other):
            message = f"the evidence is of other prompts: its {own.baseline} is not the one of this project"
            yield _of_file(module, message, hint)
            return


def _hashes(module: PromptModule) -> set[str]:
    """Of all its functions, and of those that are prompts by their name, where it has others, too."""
    named = [prompt for name, prompt in module.prompts.items() if name.endswith(PROMPT_SUFFIX)]
    return {texts_sha256(module.prompts.values()), texts_sha256(named)} - {""}


def _of_file(module: PromptModule, message: str, hint: str) -> Finding:
    path = evidence_path(module.dataflow, f"v{module.number}")
    return Finding("evidence-record", "error", path, 1, visible(message, 400), hint)


def _is_new(root: Path, module: PromptModule, baseline: Baseline | None) -> bool:
    if baseline is not None:
        return baseline.read(module.path) is None
    try:
        current = current_of(root / FOLDER / module.dataflow)
    except (VersionError, UnicodeDecodeError):
        return False  # a finding of its own
    return current is not None and module.number > current


def _parent(root: Path, module: PromptModule) -> str:
    """Label of the version it was edited from, else of the one before it; empty for the first one."""
    folder = root / FOLDER / module.dataflow
    provenance = read_provenance(module.source)
    named = str(provenance.parent) if provenance else ""
    if (folder / f"prompts_{named}.py").is_file() and number_of(f"prompts_{named}.py"):
        return named
    lower = [number for file in folder.glob("prompts_v*.py") if 0 < (number := number_of(file.name)) < module.number]
    return f"v{max(lower)}" if lower else ""
