"""What must be true of the versions of a dataflow side by side."""

from collections.abc import Iterator
from pathlib import Path

from workbench.errors import VersionError
from workbench.gate.findings import Finding
from workbench.gate.selection import FOLDER, number_of
from workbench.prompts.current import FILE, current_of


def folder_findings(root: Path, dataflow: str) -> Iterator[Finding]:
    """What is wrong with the numbers of the versions, and with current.py."""
    folder = root / FOLDER / dataflow
    numbers = sorted(filter(None, (number_of(file.name) for file in folder.glob("prompts_v*.py"))))
    yield from _gaps(dataflow, numbers)
    yield from _current(folder, dataflow, numbers)


def _gaps(dataflow: str, numbers: list[int]) -> Iterator[Finding]:
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number != before + 1:
            last = f"v{before}" if before else "nothing"
            message = f"v{number} comes after {last}: v{before + 1} is not there"
            path = f"{FOLDER}/{dataflow}/prompts_v{number}.py"
            yield Finding("number-gap", "warning", path, 1, message, f"Number it v{before + 1}.")


def _current(folder: Path, dataflow: str, numbers: list[int]) -> Iterator[Finding]:
    path = f"{FOLDER}/{dataflow}/{FILE}"
    if not (folder / FILE).is_file():
        return
    known = ", ".join(f"v{number}" for number in numbers) or "none"
    hint = f"Write `from . import prompts_vN as prompts`; there are: {known}."
    try:
        number = current_of(folder)
    except (VersionError, UnicodeDecodeError) as error:
        yield Finding("current", "error", path, 1, f"{FILE} can't be read: {error}", hint)
        return
    if number is None:
        yield Finding("current", "error", path, 1, f"{FILE} imports no prompts_vN as prompts in one plain line", hint)
    elif number not in numbers:
        yield Finding("current", "error", path, 1, f"{FILE} names v{number}, which is not there", hint)
