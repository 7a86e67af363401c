"""What `export` says that it did: as JSON for programs, as text for a terminal."""

from typing import Any

from workbench.evaluation.evidence_sentence import evidence_sentence
from workbench.export.delivery import Delivered
from workbench.export.markdown import visible
from workbench.export.no_evidence import evaluate_draft_line, nobody_judged
from workbench.export.request import ExportRequest, Offer


def delivered_json(delivered: Delivered) -> dict[str, Any]:
    """Of an export that is on a branch."""
    return {
        **offer_json(delivered.offer),
        "branch": delivered.shipped.branch,
        "commit": delivered.shipped.commit,
        "push_command": delivered.push_command,
        "pull_request_command": delivered.command,
        "compare_url": delivered.url,
    }


def offer_json(made: Offer) -> dict[str, Any]:
    """Of a proved export."""
    return {
        "version": made.label,
        "path": made.path,
        "files": sorted(made.files),
        "proof": [{"claim": line.claim, "ok": line.ok, "detail": line.detail} for line in made.proof],
        "title": made.title,
        "text": made.text,
    }


def said_text(said: dict[str, Any]) -> str:
    """The JSON as lines, its source last."""
    lines = [f"{said['version']}: {said['path']}"]
    for line in said["proof"]:
        mark = "ok" if line["ok"] else "--"
        lines.append(f"  {mark}  {line['claim']}{': ' + line['detail'] if line['detail'] else ''}")
    for name, words in (
        ("branch", "Branch"),
        ("push_command", "Push it"),
        ("pull_request_command", "Open the pull request"),
        ("compare_url", "Or in a browser"),
        ("patch", "Patch"),
    ):
        if said.get(name):
            lines.append(f"{words}: {said[name]}")
    lines += [f"Evidence: {visible(sentence)}" for sentence in said["evidence"]]
    lines += [visible(said["no_evidence"])] if said.get("no_evidence") else []
    lines += [f"Judge it first: {said['evaluate_command']}"] if said.get("evaluate_command") else []
    lines += [f"Written: {path}" for path in said.get("written", ())]
    return "\n".join([*lines, *(["", said["source"]] if "source" in said else [])])


def evidence_json(request: ExportRequest) -> dict[str, Any]:
    """What was found of the variant; without anything that nobody has judged it, and the command that does."""
    told = list(map(evidence_sentence, request.evidence))
    variant = request.variant
    if told or variant.label == variant.base:
        return {"evidence": told}
    line = evaluate_draft_line(request.root, request.dataflow, variant)
    return {"evidence": [], "no_evidence": nobody_judged(variant.base), "evaluate_command": line}
