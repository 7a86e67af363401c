"""Prompts out of a Python file, which is parsed and never run: functions that return a text, and constants."""

import ast
from collections import Counter
from collections.abc import Iterator

from workbench.errors import VersionError
from workbench.importing.failures import ImportFailed, shown
from workbench.importing.format_text import read_format
from workbench.importing.gathering import Gathering
from workbench.importing.imported import Imported
from workbench.importing.pieces import Fault, Reading
from workbench.prompts.reader import function_names, module_tree, read_prompts
from workbench.records import Prompt

_PROMPT_WORDS = ("prompt", "template", "instruction")


def read_python(source: str) -> Imported:
    """Every function and module-level constant that is a text.

    What is computed is refused when its name says that it is a prompt or when it is an f-string; else it is left out,
    functions with a note.

    Raises:
        ImportFailed: The source is no Python.
    """
    gathering = Gathering()
    try:
        prompts = read_prompts(source, function_names(source))
        tree = module_tree(source)
    except VersionError as error:
        raise ImportFailed(error.message, error.hint) from error
    left_out = []
    for prompt in prompts.values():
        if prompt.reason and not _is_named_prompt(prompt.name):
            left_out.append(prompt.name)
        else:
            _take_function(gathering, prompt)
    if left_out:
        gathering.note(f"Functions that are no texts were left out: {shown(', '.join(left_out), 200)}.")
    _take_constants(gathering, tree)
    return gathering.imported("python")


def _is_named_prompt(name: str) -> bool:
    return any(word in name.lower() for word in _PROMPT_WORDS)


def _take_function(gathering: Gathering, prompt: Prompt) -> None:
    faults = (Fault(prompt.line, prompt.reason),) if prompt.reason else ()
    gathering.count(prompt.template)
    gathering.take(prompt.name, Reading(prompt.template, faults), prompt.line, prompt.doc)
    for parameter in prompt.parameters if not faults else ():
        if parameter.default is not None:
            value = shown(parameter.default)
            gathering.note(f"In {prompt.name}, {{{parameter.name}}} has the value “{value}” when none is given.")


def _take_constants(gathering: Gathering, tree: ast.Module) -> None:
    constants = list(_constants(tree))
    times = Counter(name for name, _ in constants)
    for name, value in constants:
        text = _text(value)
        if text is None:
            if isinstance(value, ast.JoinedStr):
                gathering.refuse(name, value.lineno, "it is an f-string, whose values are known only when it is run")
            elif _is_named_prompt(name) and not isinstance(value, (ast.Lambda, ast.Constant)):
                gathering.refuse(name, value.lineno, "it computes its text")
        elif times[name] > 1:
            gathering.refuse(name, value.lineno, "it is assigned more than once")
        else:
            reading = read_format(gathering.count(text))
            gathering.take(name, reading.within(value.lineno), value.lineno)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        if not name.startswith("__"):
            yield name, value


def _text(value: ast.expr) -> str | None:
    """The literals of a sum as one text; None when anything else is in it."""
    texts = []
    # A list and not recursion: a sum of a thousand literals is a thousand levels deep.
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            waiting += [node.right, node.left]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
        else:
            return None
    return "".join(texts)
