"""The command that gives the same figures as an evaluation that was put together on a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.datasets.reading import FILE, FOLDER
from workbench.evaluation.choice import Choice
from workbench.records import Variant
from workbench.shell_line import shell_line

_LONGEST_BYTES = 100_000
"""Of one argument; Linux takes 131,072 with its ending."""


@dataclass(frozen=True)
class CliLine:
    """A command for a POSIX shell."""

    text: str
    """Empty when no command gives the same."""
    notes: tuple[str, ...]
    """What has to be known of it, a sentence each."""


def cli_line(choice: Choice, root: Path, *, is_own: bool) -> CliLine:
    """The command whose figures are those of the choice, with the answers that are kept.

    It never asks anew: --fresh would give other answers. Time it takes and what it pays itself are its own.

    Args:
        choice: What was evaluated.
        root: The project.
        is_own: Whether the project is the workbench's own checkout, in which the command is called.
    """
    refused = [said for said in _refusals(choice) if said]
    if refused:
        return CliLine("", (*refused, "Export it as a version, or save the draft's text to a file, to evaluate it."))
    words = ["evaluate", _suite(Path(choice.dataset), root, is_own=is_own)]
    words += ["--dataflow", choice.dataflow]
    words += [word for label in choice.labels for word in ("--variant", label)]
    words += [word for prompt, own in choice.grid.items() for word in ("--grid", f"{prompt}={','.join(own)}")]
    for label, draft in choice.drafts.items():
        words += ["--draft", f"{label}={draft.base}"]
        words += [word for name, text in draft.templates.items() for word in ("--set", f"{label}.{name}={text}")]
    words += ["--model", ",".join(choice.models)]
    words += ["--baseline", choice.baseline] if choice.baseline else []
    words += ["--repeat", str(choice.repetitions)] if choice.repetitions > 1 else []
    words += ["--judge", choice.judge] if choice.judge else []
    words += ["--embedding", choice.embedding] if choice.embedding else []
    words += ["--document", choice.document_name] if choice.document else []
    notes = [f"{choice.document_name} stands for the path of that file."] if choice.document else []
    notes += ["The command makes no call where an answer is kept; --fresh would give other answers."] * choice.fresh
    return CliLine(shell_line(words, root, is_own=is_own), tuple(notes))


def _suite(path: Path, root: Path, *, is_own: bool) -> str:
    if path.name == FILE and path.parent.parent == root / FOLDER:
        return path.parent.name
    return path.relative_to(root).as_posix() if is_own and path.is_relative_to(root) else str(path)


def _refusals(choice: Choice) -> Iterator[str]:
    """Why the command can't be given something, a sentence each."""
    for model in choice.models:
        if "," in model:
            yield f"The command can't be given the model {model}: a comma is in its name."
    for own in choice.grid.values():
        for label in own:
            if "," in label:
                yield f"The command can't combine {label} in a grid: a comma is in its name."
    for label, draft in choice.drafts.items():
        yield _draft_refusal(label, draft)


def _draft_refusal(label: str, draft: Variant) -> str:
    if "=" in label:
        return f"The command can't be given the draft {label}: an equals sign is in its name."
    for name, text in draft.templates.items():
        if text.startswith("@"):
            return f"The command can't be given {name} of {label}: its text begins with @, which names a file."
        if "\0" in text or len(text.encode("utf-8", "replace")) > _LONGEST_BYTES:
            return f"The command can't be given {name} of {label}: its text is longer than {_LONGEST_BYTES:,} bytes."
    return ""
