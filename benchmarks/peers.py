"""The same work by hand, in the original example's way, and by the workbench: calls, seconds, and what a kill costs."""

import json
import math
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import commands, long_document
from benchmarks.calls import clean_environment
from benchmarks.chunked_pdf import chunked_pdf
from benchmarks.commands import Took
from benchmarks.endpoint_process import Asked, EndpointProcess
from benchmarks.tables import at_most, exactly, table
from benchmarks.ways import WAYS, Versions, Work, versions

_LATENCY = 0.2
_IN_FLIGHT = 20
_CHUNKS = 40
_CHUNK_TOKENS = 400
_VERSIONS = 4
_CALLS = _VERSIONS * (_CHUNKS + 1)
_LIMIT = math.ceil(_VERSIONS * _CHUNKS / _IN_FLIGHT) * _LATENCY + _LATENCY
_REPEATS = 3
_BY_HAND, _ORIGINAL, _OURS = WAYS
_MORE_THAN_BY_HAND_SECONDS = 1.0
_AGAIN_SECONDS = 1.5
_HELP_SECONDS = 0.3


@dataclass
class Figures:
    """What was measured of one way; a list has a value for each repeat."""

    first: list[Took] = field(default_factory=list)
    edit: list[Took] = field(default_factory=list)
    again: list[Took] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    """Case -> requests that the endpoint saw; the most of all repeats."""
    killed: tuple[int, int] = (0, 0)
    """(Requests that were made again although they had been answered, requests answered before the kill)."""

    def note(self, case: str, calls: int) -> None:
        """Keep the most."""
        self.calls[case] = max(calls, self.calls.get(case, 0))


class Bench:
    """One endpoint, one document, and what each way did with them."""

    def __init__(self, server: EndpointProcess, folder: Path) -> None:
        self._server, self._folder = server, folder
        document = folder / "forty-chunks.pdf"
        document.write_bytes(chunked_pdf(_CHUNKS, _CHUNK_TOKENS))
        self._work = Work(document, server.url, _CHUNK_TOKENS, _IN_FLIGHT)
        self.figures = {name: Figures() for name in WAYS}
        self._answers: dict[str, str] = {}
        self._prompts: set[str] = set()

    def measure(self, name: str) -> None:
        """The work in an empty folder, an edit of one last prompt, and the edited work once more."""
        figures, home = self.figures[name], self._home()
        for case, took, edited in (
            ("first", figures.first, False),
            ("edit", figures.edit, True),
            ("again", figures.again, True),
        ):
            done, asked = self._run(name, versions(_VERSIONS, edited=edited), home)
            took.append(done)
            figures.note(case, len(asked))
            if case == "first":
                self._refuse_other_work(name, done, asked)

    def share(self, name: str) -> None:
        """Versions that differ in the last prompt only, in an empty folder."""
        _, asked = self._run(name, versions(_VERSIONS, one_chunk_prompt=True), self._home())
        self.figures[name].note("share", len(asked))

    def kill(self, name: str) -> None:
        """The work killed with -9 when 40 % of its calls are answered, then done again."""
        home = self._home()
        # What is in flight isn't answered yet.
        enough = round(0.4 * _CALLS) + _IN_FLIGHT
        WAYS[name](self._work, versions(_VERSIONS), home, lambda: self._server.count() >= enough)
        # By then the endpoint has noticed who is gone.
        time.sleep(2 * _LATENCY)
        before = self._server.take()
        answered = {own.prompt for own in before if own.answered}
        _, after = self._run(name, versions(_VERSIONS), home)
        self.figures[name].killed = (sum(own.prompt in answered for own in after), len(answered))

    def _run(self, name: str, asked: Versions, home: Path) -> tuple[Took, list[Asked]]:
        return WAYS[name](self._work, asked, home), self._server.take()

    def _home(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder))

    def _refuse_other_work(self, name: str, took: Took, asked: list[Asked]) -> None:
        """Counts compare only where the prompts are equal, byte for byte, and so are the answers."""
        answers, prompts = json.loads(took.output), {own.prompt for own in asked}
        self._answers, self._prompts = self._answers or answers, self._prompts or prompts
        if len(prompts) != _CALLS or prompts != self._prompts or answers != self._answers:
            raise RuntimeError(f"{name}: {len(prompts)} prompts of {_CALLS}, or other prompts or answers than by hand")


def help_seconds() -> float:
    """`python -m workbench compare --help`, from start to end; median of 5."""
    command = [sys.executable, "-m", "workbench", "compare", "--help"]
    return median(commands.run(command, clean_environment(Path("unused"))).seconds for _ in range(5))


def measure(*, quick: bool = False) -> str:
    """The tables; three minutes, or one when quick: one repeat, and no long document."""
    with tempfile.TemporaryDirectory() as folder, EndpointProcess(_LATENCY) as server:
        bench = Bench(server, Path(folder))
        for _ in range(1 if quick else _REPEATS):
            # In turn, so that a busy minute meets all of them.
            for name in WAYS:
                bench.measure(name)
        for name in WAYS:
            bench.share(name)
            bench.kill(name)
    tables = [_side_by_side(bench.figures), _promises(bench.figures)]
    return "\n".join([*tables, *([] if quick else [long_document.measure()])])


def _side_by_side(figures: dict[str, Figures]) -> str:
    rows: list[tuple[object, ...]] = []
    for name, own in figures.items():
        first = median(took.seconds for took in own.first)
        repeated, answered = own.killed
        rows.append(
            (
                name,
                own.calls["first"],
                f"{first:.2f} ({first / _LIMIT:.1f} ×)",
                f"{own.calls['edit']} / {median(took.seconds for took in own.edit):.2f}",
                f"{own.calls['again']} / {median(took.seconds for took in own.again):.2f}",
                own.calls["share"],
                f"{repeated} of {answered}",
                median(took.peak_mb for took in own.first),
                median(took.cpu for took in own.first),
            )
        )
    calls, least = _CALLS, _CHUNKS + _VERSIONS
    rows.append(("what the work needs", calls, f"{_LIMIT:.2f} (1 ×)", f"1 / {_LATENCY}", "0 / 0", least, "0", "–", "–"))
    heads = (
        "way",
        "calls",
        "seconds (× limit)",
        "last prompt of one edited: calls / s",
        "once more: calls / s",
        "versions with one chunk prompt: calls",
        "killed at 40 %: repeated of answered",
        "peak MB",
        "CPU s",
    )
    what = f"{_VERSIONS} versions on {_CHUNKS} chunks, {_IN_FLIGHT} in flight, {_LATENCY * 1000:.0f} ms a call"
    return table(f"Side by side: {what}; whole commands", heads, rows)


def _promises(figures: dict[str, Figures]) -> str:
    by_hand, own = figures[_BY_HAND], figures[_OURS]
    more = median(took.seconds for took in own.first) - median(took.seconds for took in by_hand.first)
    again = median(took.seconds for took in own.again)
    helps = help_seconds()
    counts = tuple(own.calls[case] for case in ("first", "edit", "again", "share"))
    needed = (_CALLS, 1, 0, _CHUNKS + _VERSIONS)
    rows = [
        ("calls: first, edited, once more, one chunk prompt", counts, exactly(counts, needed)),
        ("seconds more than by hand", more, at_most(more, _MORE_THAN_BY_HAND_SECONDS, "s")),
        ("the same once more, s", again, at_most(again, _AGAIN_SECONDS, "s")),
        ("`compare --help`, s", helps, at_most(helps, _HELP_SECONDS, "s")),
        (
            "answered calls repeated after a kill",
            own.killed[0],
            at_most(own.killed[0], _IN_FLIGHT),
        ),
    ]
    return table("Ours, beside what is promised", ("what", "figure", "promised"), rows)
