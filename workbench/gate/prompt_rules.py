"""What must be true of the prompts of a module, and of each as a text that its dataflow fills."""

import ast
from collections.abc import Iterator

from workbench.gate.findings import Finding
from workbench.gate.module import Function, PromptModule, node_name
from workbench.gate.text_rules import Slots, TokensOver, fault, text_findings
from workbench.records import Prompt


def node_findings(module: PromptModule, asked: Slots) -> Iterator[Finding]:
    """Prompts the dataflow asks for and doesn't get, and functions it doesn't ask for."""
    have = {node_name(name) for name in module.prompts}
    for name in asked:
        if name not in have:
            message = f"the dataflow asks for {name}, and the module has no such function"
            yield module.finding("node-missing", 1, message, f"Add a function {name}.", node=name)
    for name, prompt in module.prompts.items():
        if node_name(name) not in asked:
            hint = f"Use one of {', '.join(asked)}, delete it, or begin its name with _."
            message = f"no node of the dataflow asks for {name}"
            yield module.finding("node-unknown", prompt.line, message, hint, node=name, level="warning")


def prompt_findings(module: PromptModule, asked: Slots, over: TokensOver) -> Iterator[Finding]:
    """What is wrong with the texts that can be read, and which can't.

    Args:
        module: Whose prompts are looked at.
        asked: What the dataflow fills into which prompt.
        over: Tells the tokens of a text that is too long.
    """
    for function in module.functions():
        name = function.name
        if node_name(name) not in asked:
            continue
        prompt = module.prompts[name]
        bad_default = False
        for finding in _parameter_braces(module, function):
            bad_default = True
            yield finding
        if not prompt.reason:
            own = [parameter.name for parameter in prompt.parameters]
            yield from text_findings(module, prompt, prompt.template, asked[node_name(name)], own, over)
        elif prompt.template:
            yield fault(module, prompt, prompt.template)
        elif not bad_default and is_computed(prompt):
            message = f"{name} is more than a text: {prompt.reason}; it is checked as it comes out"
            hint = "Return one literal or f-string, so that it can be read, compared and edited."
            yield module.finding("computed", prompt.line, message, hint, node=name, level="warning")


def is_computed(prompt: Prompt) -> bool:
    """Whether its text is known only when it is run."""
    return bool(prompt.reason) and not prompt.template


def _parameter_braces(module: PromptModule, function: Function) -> Iterator[Finding]:
    given = function.args
    arguments = [*given.posonlyargs, *given.args]
    pairs = [
        *zip(arguments[len(arguments) - len(given.defaults) :], given.defaults, strict=True),
        *(
            (argument, default)
            for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
            if default
        ),
    ]
    for argument, default in pairs:
        if isinstance(default, ast.Constant) and isinstance(default.value, str) and {"{", "}"} & set(default.value):
            message = f"the default of {argument.arg} has braces, which the dataflow reads as a slot"
            yield module.finding(
                "parameter-braces", argument.lineno, message, "Take the braces out.", node=function.name
            )
