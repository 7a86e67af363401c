"""The gate: everything that is checked before a prompt may be merged, without a model call."""

import time
from collections.abc import Sequence
from pathlib import Path

from workbench.gate.arguments import DEFAULT_PROMPT_TOKENS, DEFAULT_TOLERANCE
from workbench.gate.baseline import FOLDERS, Baseline, held_against, immutable_findings
from workbench.gate.case_rules import case_findings, case_results
from workbench.gate.dynamic import run_findings, run_modules
from workbench.gate.evidence_rules import Policy, check_evidence
from workbench.gate.findings import CaseResult, GateReport
from workbench.gate.regression import regression_findings
from workbench.gate.selection import select
from workbench.gate.static import check_static, over_budget


def gate(
    root: Path,
    paths: Sequence[Path] = (),
    baseline: str | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
    *,
    prompt_tokens: int = DEFAULT_PROMPT_TOKENS,
    require_record: bool = False,
    evidence: Policy = "warn",
    run: bool = True,
    seconds_limit: float = 300,
) -> GateReport:
    """What is wrong with the prompt modules of a project.

    Args:
        root: The project: prompts/, dataflows/ and datasets/ are in it.
        paths: prompts/, folders of it or files in them; all of prompts/ when there is none.
        baseline: A revision to hold the checkout against; where nothing was changed since, nothing is looked at.
        tolerance: How much lower than the baseline's a score may be, from 0 to 1.
        prompt_tokens: The longest text of a prompt.
        require_record: A version without recorded cases is an error.
        evidence: What a new version needs of it, see check_evidence.
        run: Whether modules and recorded cases are run, too; without, nothing of Hamilton is loaded.
        seconds_limit: How long the process that runs them may take.

    Raises:
        UsageError: A path is nothing that can be checked.
        GitError: The baseline is unknown, or git can't be used.
    """
    started = time.perf_counter()
    selection = select(root, paths)
    base = Baseline.of(root, baseline) if baseline is not None else None
    if base is not None and not base.changed:
        places = ", ".join(f"{folder}/" for folder in FOLDERS)
        note = f"nothing in {places} changed since {baseline}, so there is nothing to check"
        return GateReport((), (), (), time.perf_counter() - started, note)
    over = over_budget(prompt_tokens)
    static = check_static(root, selection, over)
    findings = list(static.findings)
    cases: list[CaseResult] = []
    if base is not None:
        findings += immutable_findings(root, base, selection)
    judged = check_evidence(root, static.runnable, base, evidence)
    findings += judged.findings
    if run and static.runnable:
        held = held_against(base, static.runnable) if base is not None else {}
        records = {path: record for path, (_, record) in held.items()}
        answers = run_modules(root, static.runnable, records, seconds_limit)
        for module in static.runnable:
            answer = answers[module.path]
            findings += run_findings(module, answer, over, texts_read=module.dataflow not in static.unread)
            if "ended" in answer:
                continue
            findings += case_findings(module, answer, record_required=require_record)
            cases += case_results(module, answer)
            # An unreadable record is a finding already; that all its documents are missing says nothing new.
            if module.path in held and (answer["cases"] or not answer["record"]):
                findings += regression_findings(module, held[module.path][0], answer, tolerance)
    order = sorted(dict.fromkeys(findings), key=lambda finding: (finding.path, finding.line, finding.level))
    seconds = time.perf_counter() - started
    return GateReport(tuple(order), selection.files, tuple(cases), seconds, evidence=judged.told)
