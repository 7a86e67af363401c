"""What a history of 100,000 runs costs: keeping one more, and each thing the History page asks of it."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.tables import at_most, table
from tests.kept_runs import kept
from workbench.history.history import History
from workbench.history.kept import Filters, KeptCall, KeptRun
from workbench.history.spool import Spool

_RUNS = 100_000
_QUICK = 5_000
_BOUND_MS = 300.0
_FIRST = 1_700_000_000.0
_APART_SECONDS = 60.0
_REPEATS = 5
_WORDS = [f"word{number}" for number in range(20_000)]


def runs(count: int) -> Iterator[KeptRun]:
    """Made up: 7 versions, 4 models, 3 people, 40 documents, an answer of 120 words and two of calls, 50 prompts."""
    chance = random.Random(1)
    for number in range(count):
        at, version = _FIRST + number * _APART_SECONDS, f"v{number % 7 + 1}"
        yield kept(
            " ".join([*chance.choices(_WORDS, k=120), "everywhere"]),
            at=at,
            id=f"run{number:018}",
            variant=version,
            base=version,
            person=("Ada", "Bob", "Cy")[number % 3],
            model=f"model-{number % 4}",
            status=("done", "done", "failed", "stopped")[number % 4],
            document=f"{number % 40:064x}",
            document_name=f"report-{number % 40}.pdf",
            prompts={"answer_prompt": f"prompt{number % 50} " + "x" * 200},
            answers=[" ".join(chance.choices(_WORDS, k=60)) for _ in range(2)],
            calls=[
                KeptCall(f"{number:063x}{own}", f"model-{number % 4}", at, own + 0.5, 100, 20, 0.001)
                for own in range(3)
            ],
        )


def measure(*, quick: bool = False) -> str:
    """The table; 8 minutes, or half a minute when quick."""
    count = _QUICK if quick else _RUNS
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder) / "history.db", Spool(Path(folder) / "waiting"))
        batch: list[KeptRun] = []
        for run in runs(count):
            batch.append(run)
            if len(batch) == 500:
                history.put(batch)
                batch = []
        history.put(batch)
        size = (Path(folder) / "history.db").stat().st_size / 1e6
        rows = [_row(name, ask) for name, ask in _asked(history, count).items()]
        history.close()
    heads = ["asked of a history", "ms, median of 5", f"promised: {_BOUND_MS:.0f}"]
    return table(f"A history of {count:,} runs ({size:,.0f} MB, SQLite)", heads, rows)


def _asked(history: History, count: int) -> dict[str, Callable[[], object]]:
    output = history.open(history.runs().rows[0].id).run.output
    more = iter(runs(count + 100))
    later = [run for run in more if int(run.id[3:]) >= count]
    middle = f"<{_FIRST + count // 10 * _APART_SECONDS:.1f},{count // 10}"

    def listed(**asked: object) -> Callable[[], object]:
        return lambda: history.runs(Filters(**asked))  # type: ignore[arg-type]

    return {
        "keep one run": lambda: history.put([later.pop()]),
        "the first page": listed(),
        "a page 90 % down": lambda: history.runs(cursor=middle),
        "one version": listed(version="v3"),
        "failed runs of a person": listed(status="failed", person="Bob"),
        "part of a document's name": listed(document="report-17"),
        "a document that nobody has": listed(document="nothing"),
        "runs that cost 50 cents": listed(cost_from=0.5),
        "starred": listed(starred=True),
        "a week": listed(since=_FIRST, until=_FIRST + 7 * 86_400),
        "a word in every answer": listed(text="everywhere"),
        "two rare words": listed(text="word17 word18 "),
        "a word of a prompt": listed(text="prompt17 "),
        "a word and a version": listed(text="word5 ", version="v2"),
        "what filters offer": history.choices,
        "open a run": lambda: history.open(f"run{count // 2:018}"),
        "who made a whole answer": lambda: history.makers(output),
        "who made a part of one": lambda: history.makers(output[37:200]),
    }


def _row(name: str, ask: Callable[[], object]) -> tuple[object, ...]:
    times = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1_000)
    return name, f"{median(times):,.1f}", at_most(median(times), _BOUND_MS)
