"""The proof that a prompt module gives what was run, made in a fresh process before anyone sees the file."""

import tempfile
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench import project, settings
from workbench.errors import ExportError
from workbench.export.fresh_process import ask, hexed, unhexed
from workbench.export.proof_lines import ProofLine
from workbench.export.ran import Cases
from workbench.state.record_json import to_json

_CHILD = "workbench.export.proof_child"
_CASES_CHILD = "workbench.export.cases_child"


def prove(
    source: str,
    dataflow_modules: Sequence[str],
    prompts: Mapping[str, str],
    inputs: Mapping[str, str],
    root: Path,
    cases: Cases | None = None,
    seconds_limit: float = 60,
    config: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[ProofLine, ...]:
    """Run the source's prompts in a fresh process, compare each, byte for byte, and run the cases again.

    Args:
        source: A prompt module.
        dataflow_modules: Modules of the dataflow it belongs to, by import name.
        prompts: Prompt name -> the value it had when it was run.
        inputs: Values of the prompts' parameters; those with a default may be left out.
        root: The folder that dataflow_modules are imported from.
        cases: What was run with the prompts.
        seconds_limit: How long the process may take; with this project's dataflow it takes 2 to 3 seconds.
        config: Hamilton's.

    Raises:
        ExportError: A prompt or a case gives something else, the dataflow is another one with the module, or the
            module doesn't run.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prompts.py")
        path.write_bytes(source.encode("utf-8"))
        return prove_file(path, dataflow_modules, prompts, inputs, root, cases, seconds_limit, config)


def prove_file(
    path: Path,
    dataflow_modules: Sequence[str],
    prompts: Mapping[str, str],
    inputs: Mapping[str, str],
    root: Path,
    cases: Cases | None = None,
    seconds_limit: float = 60,
    config: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[ProofLine, ...]:
    """Like prove, of a file as it stands on disk."""
    for name, value in inputs.items():
        if "{" in value or "}" in value:
            message = f"the value of {name} has braces, which the dataflow reads as a slot in code but not in a draft"
            raise ExportError(message, f"Take the braces out of {name}, run again, then export.")
    request: dict[str, Any] = {
        "path": str(path.resolve()),
        "root": str(root.resolve()),
        "dataflow_modules": list(dataflow_modules),
        "names": list(prompts),
        "inputs": {name: hexed(value) for name, value in inputs.items()},
        "config": dict(config),
    }
    judged = {"experiment": hexed(to_json(cases.experiment)), "store": str(cases.store)} if cases else None
    own = settings.is_own_project()
    if not own:
        request["folders"] = list(map(str, project.folders()))
    if judged and own:
        request["cases"] = judged
    answer = ask(_CHILD, request, seconds_limit)
    if judged and not own:  # the workbench and its own dataflows come first there, which may have names of theirs
        again = {"root": str(settings.ROOT), "project": str(root.resolve()), "path": request["path"], **judged}
        answer["cases"] = ask(_CASES_CHILD, again, seconds_limit)
    _compare({name: unhexed(value) for name, value in answer["values"].items()}, prompts)
    lines = [
        ProofLine("It imports in a fresh process that has no key", True),
        ProofLine("Hamilton builds the dataflow with it", True, f"{answer['nodes']} other nodes are as before"),
        ProofLine("Every prompt is equal, byte for byte", True, f"{len(prompts)} prompts"),
    ]
    return (*lines, _cases_line(answer.get("cases")))


def _compare(given: Mapping[str, str], prompts: Mapping[str, str]) -> None:
    for name, ran in prompts.items():
        if given[name] != ran:
            message = f"{name} of the file {_difference(given[name], ran)}"
            raise ExportError(message, "Run the draft again, then export it.")


def _cases_line(cases: Mapping[str, Any] | None) -> ProofLine:
    claim = "The cases it was judged on, run again from kept answers, give equal outputs, byte for byte"
    if cases is None:
        return ProofLine(claim, False, "it has not been run")
    count = "1 case" if cases["count"] == 1 else f"{cases['count']} cases"
    if cases["different"]:
        message = f"{cases['different'][0]} gives another output with the file than it gave when it was run"
        raise ExportError(message, "Run the draft again, then export it.")
    if cases["missing"]:
        return ProofLine(claim, False, f"{cases['missing']} of {count} lack answers that are no longer kept")
    return ProofLine(claim, True, f"{count}, 0 new calls")


def _difference(found: str, ran: str) -> str:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(found, ran, strict=False)))
    line = ran.count("\n", 0, same) + 1
    column = same - ran.rfind("\n", 0, same)
    shown = [ascii(text[same : same + 20]) if text[same:] else "nothing" for text in (found, ran)]
    return f"differs at line {line}, column {column} from what was run: {shown[0]} instead of {shown[1]}"
