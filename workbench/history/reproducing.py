"""A run made again from what is kept: no call, no network, and a word on whether it gives the same bytes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench import settings
from workbench.documents.reading import open_document
from workbench.engine.replay import replay
from workbench.errors import HistoryError, WorkbenchError
from workbench.graphs import graph
from workbench.history.opening import OpenedRun
from workbench.project_code import digest
from workbench.records import NO_DOCUMENT, Answer, Document, Run

Find = Callable[[Sequence[str]], Mapping[str, Answer]]


@dataclass(frozen=True)
class Reproduction:
    """What came of it."""

    run: Run
    differs: tuple[str, ...]
    """Nodes whose value is another one, prompts among them; the output's by its name."""
    is_same_code: bool
    """The dataflow's code is what it was."""

    @property
    def is_equal(self) -> bool:
        """Every value is the same, byte for byte."""
        return not self.differs


def reproduce(opened: OpenedRun, find: Find) -> Reproduction:
    """Make a run again: its own prompts and inputs, today's dataflow, its own answers.

    Args:
        opened: The run.
        find: Where answers are that the run does not hold itself, by the keys of their calls.

    Raises:
        HistoryError: It can't be made again; the message says what is missing.
    """
    run, experiment = opened.run, opened.experiment
    if experiment is None:
        raise HistoryError("A service made this run; its inputs are not kept.", "Reproduce it in the service.")
    if run.status != "done":
        raise HistoryError(f"The run is {run.status}, so there is no output to make again.", "Choose one that is done.")
    own = {call.request.key(): call.answer for call in run.calls if call.answer}

    def answers(keys: Sequence[str]) -> Mapping[str, Answer]:
        found = {key: own[key] for key in keys if key in own}
        lacking = [key for key in keys if key not in found]
        return {**found, **(find(lacking) if lacking else {})}

    asked = replace(experiment, documents=(_document(experiment.documents[0]),), repetitions=run.repetition + 1)
    origin = next((call.request.origin for call in run.calls), "")
    try:
        again = replay(asked, opened.versions, answers, origin).runs[-1]
        is_same_code = opened.code.dataflow_sha256 == digest(
            graph.modules_of(graph.dataflow_named(experiment.dataflow))
        )
    except WorkbenchError as error:
        raise HistoryError(f"The run can't be made again: {error.message}", error.hint) from error
    if again.status != "done":
        why = again.error[1] if again.error else again.status
        raise HistoryError(f"The run can't be made again: {why}", _hint(opened, is_same_code))
    return Reproduction(again, tuple(_differing(run, again)), is_same_code)


def _document(kept: Document) -> Document:
    if kept == NO_DOCUMENT:
        return kept
    document = open_document(kept.sha256, kept.name, settings.home())
    if document is None:
        message = f"The text of {kept.name} is not kept any more."
        raise HistoryError(message, "Upload it again in the Workbench, then reproduce the run.")
    return document


def _hint(opened: OpenedRun, is_same_code: bool) -> str:
    if is_same_code:
        return ""
    return (
        f"The dataflow's code has changed since: check out {opened.code.git_sha[:12] or 'what it was'}, and try again."
    )


def _differing(before: Run, after: Run) -> list[str]:
    found = [name for name, text in before.prompts.items() if after.prompts.get(name) != text]
    found += [name for name, value in before.values.items() if name in after.values and after.values[name] != value]
    return list(dict.fromkeys([*found, *([before.output_node] if before.output != after.output else [])]))
