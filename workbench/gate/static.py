"""The part of the gate that only reads: neither Hamilton nor a module of the project is imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.gate.findings import Finding
from workbench.gate.folder_rules import folder_findings
from workbench.gate.module import PromptModule, read_module
from workbench.gate.module_rules import module_findings
from workbench.gate.prompt_rules import node_findings, prompt_findings
from workbench.gate.registry import Asked, dataflows_of
from workbench.gate.selection import Selection
from workbench.gate.text_rules import TokensOver

_NOT_RUN = {"syntax", "import-effects", "duplicate-name"}
"""A module with one of these is not run: it does more than it should, or something else than it seems to."""


@dataclass(frozen=True)
class StaticPart:
    """What reading the modules gave."""

    findings: tuple[Finding, ...]
    runnable: tuple[PromptModule, ...]
    """Modules that can be run without harm."""
    unread: frozenset[str]
    """Dataflows whose slots can't be told without running them."""


def check_static(root: Path, selection: Selection, over: TokensOver) -> StaticPart:
    """The findings of all modules that were asked for.

    Args:
        root: The project.
        selection: What was asked for.
        over: Tells the tokens of a text that is too long.
    """
    known = dataflows_of(root)
    findings: list[Finding] = []
    runnable = []
    for path in selection.files:
        module = read_module(root, path)
        if isinstance(module, Finding):
            findings.append(module)
            continue
        own = list(_module(module, known.get(module.dataflow), sorted(known), over))
        findings += own
        if module.dataflow in known and _NOT_RUN.isdisjoint(finding.rule for finding in own):
            runnable.append(module)
    for dataflow in selection.dataflows:
        findings += (own for own in folder_findings(root, dataflow) if _is_asked(own, selection))
    unread = frozenset(name for name, asked in known.items() if asked.slots is None)
    return StaticPart(tuple(findings), tuple(runnable), unread)


def _module(module: PromptModule, asked: Asked | None, known: list[str], over: TokensOver) -> Iterator[Finding]:
    try:
        yield from module_findings(module)
        if asked is None:
            message = f"there is no dataflow {module.dataflow!a}"
            hint = f"Add it to DATAFLOWS, or move the file; there are: {', '.join(known) or 'none'}."
            yield module.finding("dataflow", 1, message, hint)
        elif asked.slots is None:
            message = (
                f"what {module.dataflow} fills can't be read without running it; slots are checked as they come out"
            )
            hint = "Write SLOTS as one literal dict of Slot(...)."
            yield module.finding("dataflow", 1, message, hint, level="warning")
        else:
            yield from node_findings(module, asked.slots)
            yield from prompt_findings(module, asked.slots, over)
    except RecursionError:
        message = "its code is nested too deeply to be read"
        yield module.finding("syntax", 1, message, "Write plain functions that return a text.")


def _is_asked(finding: Finding, selection: Selection) -> bool:
    return finding.path in selection.files or selection.covers(finding.path)


def over_budget(most: int) -> TokensOver:
    """Tells a text's tokens when they are more than `most`; the tokenizer is loaded for long texts only."""

    def over(text: str) -> int:
        # A token is at least one byte, so a text of fewer bytes needs no counting; the tables take 0.4 s to load.
        if len(text.encode("utf-8", "replace")) <= most:
            return 0
        from dataflows.tokens import count_tokens

        tokens = count_tokens(text)
        return tokens if tokens > most else 0

    return over
