"""The calls of a plan: counted, and answered without asking anybody."""

import threading
from collections.abc import Sequence

from workbench.engine.call_sizes import holds_unknown, unknown_answer
from workbench.engine.call_store import CallStore
from workbench.engine.lanes import Lane, LiveCall
from workbench.engine.requests import Requests
from workbench.engine.run_calls import RunCalls
from workbench.errors import NotKeptError
from workbench.interception.asked import AskedCall
from workbench.records import Answer, CallRequest


class PlanCalls(RunCalls):
    """Answers with what is kept, and with a mark that stands for the answer where none is.

    Args:
        lane: Of the run that would be.
        requests: Turns what is asked into requests.
        tally: Of the whole experiment.
    """

    def __init__(self, lane: Lane, requests: Requests, tally: "Tally") -> None:
        super().__init__(lane, requests)
        self._tally = tally
        self._lock = threading.Lock()
        self.nodes: dict[str, tuple[int, int]] = {}
        """Node name -> (calls to make, calls reused)."""
        self.new: set[int] = set()
        """Ids of the lane's calls that will be made."""
        self.met_unknown = False

    def _answers(
        self,
        requests: Sequence[CallRequest],
        calls: Sequence[LiveCall],
        asked: AskedCall | None,  # noqa: ARG002 nothing is asked
    ) -> list[Answer]:
        node = calls[0].node if calls else ""
        with self._lock:
            texts, made_now = self._tally.answers(requests)
            new = len(made_now)
            self.new.update(id(calls[index]) for index in made_now)
            made, reused = self.nodes.get(node, (0, 0))
            self.nodes[node] = (made + new, reused + len(requests) - new)
            self.met_unknown = self.met_unknown or any(map(holds_unknown, texts))
        return [Answer(text, 0, 0, 0.0, None) for text in texts]

    def passes(self, url: str) -> None:
        """Nothing goes to the network for a plan.

        Raises:
            NotKeptError: Always; what comes after is not counted.
        """
        self.met_unknown = True
        raise NotKeptError(f"A plan makes no request to {url}.")


class Tally:
    """All calls of an experiment, each once.

    Args:
        store: Of the answers that are kept.
        since: Those made before are not used (seconds since the epoch).
    """

    def __init__(self, store: CallStore, since: float) -> None:
        self._store, self._since = store, since
        self._kept: dict[str, str] = {}
        self.to_make: dict[str, CallRequest] = {}

    def answers(self, requests: Sequence[CallRequest]) -> tuple[list[str], list[int]]:
        """The answer to each, or its mark; and the positions of those that nobody has asked before."""
        keys = [request.key() for request in requests]
        unseen = [key for key in keys if key not in self._kept and key not in self.to_make]
        self._kept |= {key: answer.text for key, answer in self._store.peek(unseen, self._since).items()}
        new = []
        for index, (key, request) in enumerate(zip(keys, requests, strict=True)):
            if key not in self._kept and key not in self.to_make:
                self.to_make[key] = request
                new.append(index)
        return [self._kept.get(key, unknown_answer(key)) for key in keys], new
