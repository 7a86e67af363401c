"""The part of the gate that runs the modules, in a process of their own, and what it tells of them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dataflows.templates import Slot
from workbench.gate.findings import Finding
from workbench.gate.fresh_run import run_each
from workbench.gate.module import PromptModule, node_name
from workbench.gate.prompt_rules import is_computed, node_findings, prompt_findings
from workbench.gate.text_rules import Slots, TokensOver, text_findings

Answers = dict[str, Mapping[str, Any]]
"""Path of a module -> what fresh_run_child says of it."""


def run_modules(
    root: Path, modules: Sequence[PromptModule], baseline_records: Mapping[str, bytes], seconds_limit: float
) -> Answers:
    """What came of each module.

    A computed prompt is run in a second process too, whose hashes are salted otherwise.

    Args:
        root: The project.
        modules: Those that can be run without harm.
        baseline_records: Path of a module -> the record that its cases are held against.
        seconds_limit: For each process.
    """
    jobs = [
        {
            "path": module.path,
            "dataflow": module.dataflow,
            "cases": True,
            "baseline_record": baseline_records[module.path].hex() if module.path in baseline_records else None,
        }
        for module in modules
    ]
    answers = run_each(root, jobs, seconds_limit)
    computed = {module.path for module in modules if any(map(is_computed, module.prompts.values()))}
    computed -= {path for path, answer in answers.items() if "ended" in answer}
    again = run_each(root, [{**job, "cases": False} for job in jobs if job["path"] in computed], seconds_limit)
    return {path: _both(answer, again.get(path, answer)) for path, answer in answers.items()}


def _both(answer: Mapping[str, Any], again: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer, with the prompts that gave another text in the second process among the different ones."""
    if "ended" in answer or "ended" in again:
        return answer
    moved = [name for name, text in answer["values"].items() if again["values"].get(name, text) != text]
    return {**answer, "different": list(dict.fromkeys([*answer["different"], *moved]))}


def run_findings(
    module: PromptModule, answer: Mapping[str, Any], over: TokensOver, *, texts_read: bool
) -> Iterator[Finding]:
    """What the run of one module showed, its cases apart.

    Args:
        module: What was run.
        answer: What came of it.
        over: Tells the tokens of a text that is too long.
        texts_read: Whether its texts were held against their slots without running it.
    """
    if "ended" in answer:
        yield module.finding("driver", 1, answer["ended"], "Correct the module, then run it with Hamilton yourself.")
        return
    if answer["error"]:
        hint = "Correct what it names; a prompt takes texts only and returns one."
        yield module.finding("driver", 1, answer["error"], hint)
    for sentence in answer["shape"]:
        hint = "Rename it: a module gives prompts and changes nothing else."
        yield module.finding("shape", 1, sentence, hint)
    for name in answer["different"]:
        message = f"{name} gives another text when it is run again"
        hint = "Take out what changes by itself, such as the time, chance, or the order of a set."
        yield module.finding("deterministic", _line(module, name), message, hint, node=name)
    yield from _prompts(module, answer, over, texts_read=texts_read)


def _prompts(
    module: PromptModule, answer: Mapping[str, Any], over: TokensOver, *, texts_read: bool
) -> Iterator[Finding]:
    slots: Slots = {
        name: {slot: Slot(meaning, required) for slot, (meaning, required) in own.items()}
        for name, own in answer["slots"].items()
    }
    have = {node_name(name) for name in module.prompts}
    for name in dict.fromkeys(answer["missing"]):
        if name in have or name not in slots:
            message = f"the dataflow asks for {name}, and the module does not give it with every config"
            hint = f"Add a function {name} that is there when no condition holds."
            yield module.finding("node-missing", _line(module, name), message, hint, node=name)
    if not texts_read:
        yield from node_findings(module, slots)
        yield from prompt_findings(module, slots, over)
    for prompt in module.prompts.values():
        name = node_name(prompt.name)
        if is_computed(prompt) and name in answer["values"] and name in slots:
            text = bytes.fromhex(answer["values"][name]).decode("utf-8", "surrogatepass")
            yield from text_findings(module, prompt, text, slots[name], (), over)


def _line(module: PromptModule, node: str) -> int:
    return next((prompt.line for name, prompt in module.prompts.items() if node_name(name) == node), 1)
