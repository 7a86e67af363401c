"""The record of a run that has ended; made once, in the thread of the first delivery that asks."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from re import Pattern
from typing import TypeVar

from dataflows.tracker.cleaning import Cleaner, Texts
from dataflows.tracker.openai_shapes import is_number
from dataflows.tracker.record_parts import Failure, Message, RanCall, RanNode, RanOutput, RanPrompt, RanVersion
from dataflows.tracker.records import MOST_CONTENT, RunRecord, spacing_sha256, text_sha256
from dataflows.tracker.running import RunningNode, RunningRun, SeenPrompt
from dataflows.tracker.running_call import RunningCall

_MOST_NAMED = 1_000
_T = TypeVar("_T")


@dataclass(frozen=True)
class About:
    """What is the same for all runs of a tracker."""

    dataflow: str
    source: str
    git_sha: str
    keeps_content: bool
    hide: Sequence[Pattern[str]]


def record_maker(run: RunningRun, about: About) -> Callable[[], RunRecord]:
    """Gives the record of a run that is over; any number of threads may ask."""
    making = threading.Lock()
    made: list[RunRecord] = []

    def record() -> RunRecord:
        with making:
            if not made:
                made.append(_Making(run, about).record())
            return made[0]

    return record


class _Making:
    def __init__(self, run: RunningRun, about: About) -> None:
        self._run = run
        self._about = about
        self._texts = Texts(Cleaner(about.hide, run.keys), MOST_CONTENT if about.keeps_content else 0)

    def record(self) -> RunRecord:
        run, about = self._run, self._about
        request_id, tags = run.request
        return RunRecord(
            run_id=self._texts.name(run.run_id),
            dataflow=self._texts.name(about.dataflow),
            source=self._texts.name(about.source),
            started_at=run.started_at,
            seconds=run.ended - run.began,
            status="failed" if run.problem else "done",
            request_id=self._texts.name(request_id),
            tags={self._texts.name(name): self._texts.remark(str(value)) for name, value in _first(tags.items())},
            error=self._texts.failure(run.problem),
            git_sha=about.git_sha,
            version=self._version(),
            # What is asked for most often comes first: there may be no room for all texts.
            outputs={self._texts.name(name): self._output(text) for name, text in _first(run.outputs.items())},
            prompts={self._texts.name(name): self._prompt(prompt) for name, prompt in _first(run.prompts.items())},
            nodes=tuple(map(self._node, sorted(run.nodes, key=lambda node: node.began))),
            calls=tuple(map(self._call, sorted(run.calls, key=lambda call: call.began))),
            left_out=run.left_out,
        )

    def _version(self) -> RanVersion:
        loaded = self._run.loaded
        found = {(prompt.way, prompt.version) for prompt in map(self._placed, self._run.prompts.values())}
        if not found and loaded:
            found = {("store", f"v{loaded.version}")}
        way, version = found.pop() if len(found) == 1 else ("mixed" if found else "", "")
        label, stale = (loaded.label, loaded.stale) if loaded else ("", False)
        return RanVersion(way, self._texts.name(version), self._texts.name(label), stale)

    def _placed(self, prompt: SeenPrompt) -> SeenPrompt:
        loaded = self._run.loaded
        if prompt.way == "store" and loaded:
            return SeenPrompt(prompt.text, "store", f"v{loaded.version}")
        return prompt

    def _prompt(self, prompt: SeenPrompt) -> RanPrompt:
        prompt = self._placed(prompt)
        return RanPrompt(
            text_sha256(prompt.text), prompt.way, self._texts.name(prompt.version), self._texts.content(prompt.text)
        )

    def _output(self, text: str) -> RanOutput:
        return RanOutput(text_sha256(text), spacing_sha256(text), len(text), self._texts.content(text))

    def _node(self, node: RunningNode) -> RanNode:
        # A node that was broken off ends with its run.
        ended = node.ended or self._run.ended
        return RanNode(
            name=self._texts.name(node.name),
            offset=node.began - self._run.began,
            seconds=max(0.0, ended - node.began),
            task_id=self._texts.name(node.task_id),
            error=self._texts.failure(node.problem),
        )

    def _call(self, call: RunningCall) -> RanCall:
        asked, node = call.asked, call.node
        failure = self._texts.failure(call.problem)
        if not call.is_over and failure is None:
            failure = Failure("Unfinished", "the run ended before this call did")
        return RanCall(
            node=self._texts.name(node.name) if node else "",
            task_id=self._texts.name(node.task_id) if node else "",
            model=self._texts.name(asked.model),
            provider=self._texts.name(asked.provider),
            server=self._texts.name(asked.server),
            offset=call.began - self._run.began,
            seconds=call.seen - call.began,
            answering_model=self._texts.name(call.answering_model or ""),
            input_tokens=_count(call.input_tokens),
            output_tokens=_count(call.output_tokens),
            finish_reason=self._texts.name(call.finish_reason or ""),
            settings={
                self._texts.name(name): float(value)
                for name, value in _first(asked.settings.items())
                if is_number(value)
            },
            error=failure,
            messages=self._messages(asked.messages),
            answer=self._texts.content("".join(call.pieces)) if call.pieces else None,
        )

    def _messages(self, messages: Sequence[tuple[str, str]]) -> tuple[Message, ...] | None:
        texts = [(role, self._texts.content(text)) for role, text in _first(messages)]
        whole = tuple(Message(self._texts.name(role), text) for role, text in texts if text is not None)
        # A part of them would look like all of them.
        return whole if whole and len(whole) == len(messages) else None


def _count(value: object) -> int | None:
    """A number of tokens; None where what a service says is none."""
    return int(value) if isinstance(value, int | float) and is_number(value) and value >= 0 else None


def _first(values: Iterable[_T]) -> list[_T]:
    return list(islice(values, _MOST_NAMED))
