"""Whether an arm's prompts pass: a merged module the gate, variants and stored texts its rules for texts."""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dataflows.ab import ABTest, Arm
from dataflows.prompt_store import LoadedPrompts, PromptSource, PromptStoreError
from workbench.errors import UsageError
from workbench.gate.arguments import DEFAULT_PROMPT_TOKENS
from workbench.gate.findings import Finding
from workbench.gate.gate import gate
from workbench.gate.module import PromptModule, read_module
from workbench.gate.prompt_rules import node_findings, prompt_findings
from workbench.gate.registry import dataflows_of
from workbench.gate.static import over_budget
from workbench.gate.text_rules import Slots, text_findings
from workbench.records import Prompt


def passed_arm(root: Path, test: ABTest, arm: Arm, store: PromptSource) -> Arm:
    """The arm with the hash of what passed; a label is replaced by the version it points at now.

    Args:
        root: The project.
        test: Whose arm it is, or will be.
        arm: Which.
        store: Where an arm by the store has its texts.

    Raises:
        UsageError: Something doesn't pass; the message says which rule.
    """
    match arm.prompts.way:
        case "module":
            path = f"prompts/{test.dataflow}/prompts_{arm.prompts.version}.py"
            findings: tuple[Finding, ...] = gate(root, [root / path]).findings if (root / path).is_file() else ()
            return _passed(arm, findings, _bytes(root, path, arm))
        case "config":
            content = _bytes(root, arm.prompts.file, arm)
            return _passed(arm, tuple(_variant_findings(root, test.dataflow, arm)), content)
        case _:
            loaded = _loaded(store, test.dataflow, arm)
            pinned = replace(arm, prompts=replace(arm.prompts, version=f"v{loaded.version}"))
            slots = _slots(root, test.dataflow, arm)
            return replace(_passed(pinned, tuple(_stored_findings(loaded, slots)), b""), passed_sha256=loaded.sha256)


def _passed(arm: Arm, findings: tuple[Finding, ...], content: bytes) -> Arm:
    wrong = [own for own in findings if own.level == "error"]
    if wrong:
        first, more = wrong[0], f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        place = f"{first.path}, line {first.line}" if first.path.endswith(".py") else first.path
        raise UsageError(
            f"The arm {arm.name} does not pass the gate: {place} breaks the rule {first.rule}: {first.message}{more}.",
            first.hint,
        )
    return replace(arm, passed_sha256=hashlib.sha256(content).hexdigest())


def _variant_findings(root: Path, dataflow: str, arm: Arm) -> Iterator[Finding]:
    """Of the functions name__vN of a module."""
    module = read_module(root, arm.prompts.file)
    if isinstance(module, Finding):
        yield module
        return
    suffix = f"__{arm.prompts.version}"
    own = {name: prompt for name, prompt in module.prompts.items() if name.endswith(suffix)}
    variants = replace(module, prompts=own)
    slots = _slots(root, dataflow, arm)
    yield from node_findings(variants, slots)
    yield from prompt_findings(variants, slots, over_budget(DEFAULT_PROMPT_TOKENS))


def _stored_findings(loaded: LoadedPrompts, slots: Slots) -> Iterator[Finding]:
    prompts = {name: Prompt(name, text) for name, text in loaded.texts.items()}
    stored = PromptModule(f"v{loaded.version} in the prompt store", "", ast.Module([], []), prompts)
    yield from node_findings(stored, slots)
    for name, prompt in prompts.items():
        if name in slots:
            yield from text_findings(
                stored, prompt, prompt.template, slots[name], (), over_budget(DEFAULT_PROMPT_TOKENS)
            )


def _slots(root: Path, dataflow: str, arm: Arm) -> Slots:
    asked = dataflows_of(root).get(dataflow)
    if asked is None or asked.slots is None:
        raise UsageError(
            f"The arm {arm.name} can't be checked: what {dataflow} fills can't be read without running it.",
            "Write SLOTS as one literal dict of Slot(...), or give the arm a merged module.",
        )
    return asked.slots


def _loaded(store: PromptSource, dataflow: str, arm: Arm) -> LoadedPrompts:
    try:
        return store.load(dataflow, arm.prompts.version)
    except PromptStoreError as error:
        raise UsageError(
            f"The arm {arm.name} does not pass the gate: {error}.", "Add it to the store first."
        ) from error


def _bytes(root: Path, path: str, arm: Arm) -> bytes:
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        raise UsageError(
            f"The arm {arm.name} does not pass the gate: there is no {path} in the project.", "Merge it first."
        )
    return file.read_bytes()
