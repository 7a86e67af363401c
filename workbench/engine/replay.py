"""Runs made again from answers that are there: no call is made, no key is needed, nothing waits."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workbench.engine.flight import CallEvent
from workbench.engine.lanes import Lane, LiveCall
from workbench.engine.preparation import PreparedExperiment, prepare
from workbench.engine.requests import Requests
from workbench.engine.run_calls import RunCalls
from workbench.engine.runner import run_variant
from workbench.engine.shared_nodes import shared_nodes
from workbench.errors import CallsFailed, NotKeptError, WorkbenchError
from workbench.interception.asked import AskedCall
from workbench.records import Answer, CallRequest, Experiment, Version

Find = Callable[[Sequence[str]], Mapping[str, Answer]]
"""Keys of calls -> the answers there are."""


def replay(experiment: Experiment, versions: Mapping[str, Version], find: Find, origin: str = "") -> Experiment:
    """The experiment with its runs made from answers that are there; a run that lacks one has failed.

    Args:
        experiment: What to run; its runs are ignored.
        versions: Label -> version.
        find: Where the answers are.
        origin: Of the endpoint that answered; by default the one of the environment.

    Raises:
        InputError, DataflowError: The experiment as a whole can't run.
    """
    prepared = prepare(experiment, versions)
    environment = os.environ if origin in ("", "local") else {"OPENAI_BASE_URL": origin}
    runs = []
    for repetition in range(experiment.repetitions):
        for document in experiment.documents:
            for variant in experiment.variants:
                lane = Lane(variant, document, experiment.model, prepared.output, repetition)
                _run(prepared, lane, _ReplayModel(lane, Requests(experiment.model, repetition, environment), find))
                runs.append(lane.run())
    return replace(experiment, runs=tuple(runs))


def _run(prepared: PreparedExperiment, lane: Lane, model: RunCalls) -> None:
    lane.begin()
    try:
        if refused := prepared.refused.get(lane.variant.label):
            raise refused
        lane.end(run_variant(prepared, lane, shared_nodes(prepared, lane.document), model))
    except WorkbenchError as error:
        lane.end(error=error)


class _ReplayModel(RunCalls):
    def __init__(self, lane: Lane, requests: Requests, find: Find) -> None:
        super().__init__(lane, requests)
        self._find = find

    def _answers(
        self,
        requests: Sequence[CallRequest],
        calls: Sequence[LiveCall],
        asked: AskedCall | None,  # noqa: ARG002 nothing is asked
    ) -> list[Answer]:
        found = self._find([request.key() for request in requests])
        failures: dict[int, WorkbenchError] = {}
        for index, (call, request) in enumerate(zip(calls, requests, strict=True)):
            if answer := found.get(request.key()):
                self._lane.note(call, CallEvent("reused", index, answer=answer))
            else:
                failures[index] = NotKeptError("Its answer is not kept.", "Run it once, then try again.")
                self._lane.note(call, CallEvent("failed", index, error=failures[index]))
        if failures:
            raise CallsFailed(failures, len(requests))
        return [found[request.key()] for request in requests]

    def passes(self, url: str) -> None:
        """Nothing goes to the network.

        Raises:
            NotKeptError: Always.
        """
        raise NotKeptError(f"A request to {url} is not kept.", "Run it with the network.")
