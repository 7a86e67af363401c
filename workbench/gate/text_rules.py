"""What must be true of one template, as it is read or as it came out of a run."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from dataflows.templates import Slot, TemplateError, parse
from workbench.gate.findings import Finding
from workbench.gate.hidden import HIDDEN, code_point, looks_like_a_key
from workbench.gate.module import PromptModule
from workbench.prompts.slot_check import check_template
from workbench.records import Prompt

Slots = Mapping[str, Mapping[str, Slot]]
"""Prompt name -> slot name -> what the dataflow fills there."""
TokensOver = Callable[[str], int]
"""Text -> its tokens when they are over the budget, else 0."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_TRICK = re.compile(r"\{\s*\w*\s*[.\[!:]")
_BRACES = "Write {{ and }} for braces; a slot is {name} and nothing else."


def text_findings(
    module: PromptModule,
    prompt: Prompt,
    text: str,
    asked: Mapping[str, Slot],
    parameters: Collection[str],
    over: TokensOver,
) -> Iterator[Finding]:
    """What is wrong with one template, as it is read or as it came out.

    Args:
        module: Where the prompt is.
        prompt: Which it is.
        text: Its template.
        asked: What the dataflow fills there.
        parameters: Names that the prompt fills itself.
        over: As for prompt_findings.
    """

    def finding(rule: str, message: str, hint: str) -> Finding:
        return module.finding(rule, prompt.line, message, hint, node=prompt.name)

    def warning(rule: str, message: str, hint: str) -> Finding:
        return module.finding(rule, prompt.line, message, hint, node=prompt.name, level="warning")

    name = prompt.name
    defaults = [parameter.default or "" for parameter in prompt.parameters]
    if not text.strip():
        yield finding("empty", f"{name} is blank", "Write what the model has to do.")
        return
    yield from _slot_findings(module, prompt, text, asked, parameters)
    if any(_SURROGATE.search(part) for part in (text, *defaults)):
        yield finding("surrogate", f"{name} holds half a character, which can't be sent as UTF-8", "Delete it.")
    if hidden := next(filter(None, map(HIDDEN.search, (text, *defaults))), None):
        message = f"{name} holds {code_point(hidden[0])}, which nobody sees"
        yield warning("hidden-char", message, "Delete it unless the model needs it.")
    if any(map(looks_like_a_key, (text, *defaults))):
        yield finding("secret", f"{name} holds what looks like a key", "Take it out, and withdraw the key.")
    if tokens := over(text):
        hint = "Shorten it, or raise --prompt-tokens."
        yield finding("token-budget", f"{name} has {tokens} tokens, more than allowed", hint)


def _slot_findings(
    module: PromptModule, prompt: Prompt, text: str, asked: Mapping[str, Slot], parameters: Collection[str]
) -> Iterator[Finding]:
    for found in check_template(text, asked, parameters):
        message = f"{prompt.name}: {found.message}"
        match found.kind:
            case "grammar":
                yield fault(module, prompt, text)
            case "unknown":
                hint = f"Use a known slot, or make {found.slot} a parameter of {prompt.name}."
                yield module.finding("slot-unknown", prompt.line, message, hint, node=prompt.name)
            case "missing":
                hint = f"Write {{{found.slot}}} where it belongs."
                yield module.finding("slot-missing", prompt.line, message, hint, node=prompt.name)
            case "unused" if found.slot in parameters:
                hint = f"Write {{{found.slot}}} where it belongs, or delete the parameter."
                yield module.finding("parameter-unused", prompt.line, message, hint, node=prompt.name, level="warning")


def fault(module: PromptModule, prompt: Prompt, text: str) -> Finding:
    """What keeps a text from being a template that the dataflow can fill."""
    try:
        parse(text)
    except TemplateError as error:
        line = text.split("\n")[error.line - 1]
        rule = "format-trick" if _TRICK.match(line, error.column - 1) else "brace"
        return module.finding(rule, prompt.line, f"{prompt.name}, {error}", _BRACES, node=prompt.name)
    # A name of a parameter in a part that the dataflow fills, or a brace against a parameter.
    rule = "slot-unknown" if "left for the dataflow" in prompt.reason else "brace"
    return module.finding(rule, prompt.line, f"{prompt.name}: {prompt.reason}", _BRACES, node=prompt.name)
