"""Many writers of one history at once, and writers that are killed."""

import multiprocessing

from tests.conftest import until
from tests.history_writer import write
from workbench.history.history import History
from workbench.history.spool import Spool

pytest_plugins = ["tests.history_fixtures"]
KILLS = 12


def writer(url, folder, name, threads, count):
    """A process that keeps so many runs from each of so many threads; forked from one that has the code loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.history_writer"])
    process = context.Process(target=write, args=(url, folder, name, threads, count))
    process.start()
    return process


def lines(path):
    """The whole lines of a file that somebody may have been writing when he was killed."""
    text = path.read_text() if path.exists() else ""
    return text[: text.rfind("\n") + 1].split("\n")[:-1]


def test_four_processes_with_sixteen_threads_write_without_an_error(database_url, tmp_path):
    """All start at once on a database without tables; every run is there in the end, and each hour's figures add up."""
    started = [writer(database_url, tmp_path, f"p{number}", threads=16, count=2) for number in range(4)]

    for process in started:
        process.join(120)

    said = [line for number in range(4) for line in lines(tmp_path / f"p{number}")]
    history = History(database_url, Spool(tmp_path / "waiting"))
    assert [line for line in said if line.startswith("error")] == []
    assert len(said) == 4 * 16 * 2
    assert {row.id for row in history.runs(size=1_000).rows} == set(said)
    with history.reading() as connection:
        counted = connection.exec_driver_sql("SELECT sum(count) FROM rollup WHERE kind = 'run'").scalar()
    assert counted == len(said)


def test_no_acknowledged_run_is_lost_by_a_kill(tmp_path):
    """Writers are killed amid their writes, 12 of them; each run of which one said that it is kept can be opened."""
    url = f"sqlite:///{tmp_path / 'runs.db'}"
    History(url, Spool(tmp_path / "waiting")).runs()

    for number in range(KILLS):
        process = writer(url, tmp_path, f"k{number}", threads=2, count=100_000)
        assert until(lambda number=number: len(lines(tmp_path / f"k{number}")) > number % 3, 30.0)
        process.kill()
        process.join(30)

    said = [line for number in range(KILLS) for line in lines(tmp_path / f"k{number}")]
    history = History(url, Spool(tmp_path / "waiting"))
    kept = {row.id for row in history.runs(size=1_000_000).rows}
    assert len(said) >= KILLS
    assert set(said) <= kept
    assert all("says so" in history.open(run_id).run.output for run_id in said[:50])
