import threading
import time

import pytest

from pages.shared.standing import standing_of_lane, standing_of_run
from tests.conftest import document_of, draft, until
from tests.scripted import HANG, ScriptedEndpoint, out_of_order
from workbench.engine.flight import CallEvent
from workbench.engine.jobs import Jobs
from workbench.records import Variant

V3 = Variant("v3", "v3")
SHORT = [document_of(3)]


def statuses(job):
    return [run.status for run in job.experiment().runs]


def states(job):
    return [call.state for lane in job.lanes.values() for call in lane.calls]


def hang_at(text):
    return lambda prompt: HANG if text in prompt else 0.0


def test_a_stopped_job_ends_at_once_and_keeps_what_was_answered(make_lab):
    """On a hanging endpoint all runs end in well under 2 s, their calls are aborted, and a retry makes only those."""
    lab = make_lab(ScriptedEndpoint(latency=hang_at("Part 8 of")))
    job = lab.job(V3, draft("other", chunk="Other"), documents=SHORT)
    job.start()
    assert until(lambda: states(job).count("done") == 4 and states(job).count("running") == 2)
    begun = time.monotonic()

    job.stop.set()

    assert job.wait(5)
    assert time.monotonic() - begun < 2
    assert statuses(job) == ["stopped", "stopped"]
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.aborted) == 2)
    assert [call.answer is None for call in job.experiment().runs[0].calls] == [False, False, True]
    lab.endpoint.latency = lambda _: 0.0
    assert lab.calls_of(V3, documents=SHORT) == 2


def test_a_job_that_joined_another_s_calls_goes_on_when_that_one_stops(make_lab):
    """Two jobs wait for the same calls; one is stopped, the other is done, and no call is made twice or aborted."""
    free = threading.Event()
    lab = make_lab(ScriptedEndpoint(latency=lambda _: 0.0 if free.is_set() else 0.3))
    first, second = lab.job(V3, documents=SHORT), lab.job(V3, documents=SHORT)
    first.start()
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.asked) == 3)
    second.start()
    assert until(lambda: states(second) == ["running"] * 3)
    free.set()

    first.stop.set()

    assert first.wait(5) and second.wait(5)
    assert [*statuses(first), *statuses(second)] == ["stopped", "done"]
    assert len(lab.endpoint.asked) == 4
    assert lab.endpoint.aborted == []
    assert second.experiment().runs[0].calls_made == 4


def test_two_jobs_at_once_make_each_call_once(make_lab):
    """The same experiment started twice is paid for once."""
    lab = make_lab(ScriptedEndpoint(latency=0.02))
    jobs = [lab.job(V3, documents=SHORT) for _ in range(2)]

    for job in jobs:
        job.start()

    assert all(job.wait(5) for job in jobs)
    assert len(lab.endpoint.asked) == 4
    assert sum(job.experiment().runs[0].calls_made for job in jobs) == 4
    assert sum(job.experiment().runs[0].calls_reused for job in jobs) == 4


def test_a_run_that_comes_second_is_not_kept_waiting(make_lab):
    """With 4 places taken by a run of 60 chunks, the calls of one that starts later are sent in turn with the rest."""
    lab = make_lab(ScriptedEndpoint(latency=0.01), in_flight=4)
    long, short = lab.job(V3, documents=[document_of(60)]), lab.job(V3, documents=[document_of(3, "oceans")])
    long.start()
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.asked) >= 4)

    short.start()

    assert short.wait(10)
    assert long.wait(20)
    topics = ["oceans" in prompt for prompt in lab.endpoint.asked]
    assert sum(topics[topics.index(True) :][:5]) == 3
    assert lab.endpoint.most_at_once == 4


def test_places_are_given_back_after_a_stop(make_lab):
    """After a job was stopped with all places taken, the next one has them all."""
    lab = make_lab(ScriptedEndpoint(latency=lambda _: HANG), in_flight=2)
    job = lab.job(V3, documents=SHORT)
    job.start()
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.asked) == 2)
    job.stop.set()
    assert job.wait(5)
    lab.endpoint.latency = lambda _: 0.0

    assert lab.calls_of(draft("new", chunk="New"), documents=SHORT) == 4


def test_more_runs_than_threads_all_end(make_lab):
    """40 runs, more than there are threads, are all done; 40 hanging ones all stop."""
    lab = make_lab(ScriptedEndpoint(latency=lambda prompt: HANG if "Hang" in prompt else 0.0))
    document = [document_of(1)]
    lab.calls_of(*(draft(str(number), last=f"End {number}") for number in range(40)), documents=document)
    job = lab.job(*(draft(str(number), last=f"Hang {number}") for number in range(40)), documents=document)
    job.start()
    assert lab.endpoint.wait_until(lambda: sum("Hang" in prompt for prompt in lab.endpoint.asked) == 16)

    job.stop.set()

    assert job.wait(5)
    assert statuses(job) == ["stopped"] * 40


def test_a_retry_runs_one_cell_again_even_after_a_stop(make_lab):
    """A stopped job's run can be retried; the other runs stay stopped."""
    lab = make_lab(ScriptedEndpoint(latency=lambda _: HANG))
    job = lab.job(V3, draft("other", chunk="Other"), documents=SHORT)
    job.start()
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.asked) == 6)
    job.stop.set()
    assert job.wait(5)
    lab.endpoint.latency = lambda _: 0.0

    job.retry(("v3", SHORT[0].sha256, 0))

    assert job.wait(5)
    assert statuses(job) == ["done", "stopped"]


def test_a_retry_of_a_run_that_goes_on_does_nothing(make_lab):
    """Two retries at once start one run."""
    broken = [True]
    lab = make_lab(ScriptedEndpoint(failure=lambda _: out_of_order() if broken else None))
    job = lab.job(V3, documents=SHORT)
    job.start()
    assert job.wait(5)
    broken.clear()
    lab.endpoint.latency = lambda _: 0.1
    cell = ("v3", SHORT[0].sha256, 0)

    job.retry(cell)
    running = job.lanes[cell]
    job.retry(cell)

    assert job.lanes[cell] is running
    assert job.wait(5)
    assert statuses(job) == ["done"]
    assert len(lab.endpoint.asked) == 3 + 4


def test_the_end_is_told_once_per_start_with_everything_in_it(lab):
    """The callback comes when all runs have ended, and again after a retry."""
    told, heard = [], threading.Semaphore(0)

    def on_end(job):
        told.append([run.status for run in job.experiment().runs])
        heard.release()

    job = lab.job(V3, Variant("v2", "v2"), Variant("bad", "v77"), documents=SHORT, on_end=on_end)
    job.start()
    assert heard.acquire(timeout=5)
    job.retry(("bad", SHORT[0].sha256, 0))
    assert heard.acquire(timeout=5)

    assert told == [["done", "done", "failed"]] * 2


def test_a_failed_attempt_s_text_is_not_shown(make_lab):
    """What a call wrote before it failed is void: neither the run nor its standing has it."""
    lab = make_lab(ScriptedEndpoint(pieces=lambda _: ["half a sen"], failure=lambda _: out_of_order()))
    job = lab.job(V3, documents=SHORT)
    job.start()
    assert job.wait(5)

    lane = next(iter(job.lanes.values()))

    assert [call.text for call in lane.calls] == ["", "", ""]
    assert standing_of_lane(lane).text == ""


@pytest.mark.parametrize("faulty", ["", "Part 8 of", "Answer the question"])
def test_a_kept_run_stands_as_it_stood(make_lab, faulty):
    """Done, failed in a chunk or failed in the last call: steps and headline are the same from the kept run."""
    lab = make_lab(ScriptedEndpoint(failure=lambda prompt: out_of_order() if faulty and faulty in prompt else None))
    job = lab.job(V3, documents=SHORT)
    job.start()
    assert job.wait(5)
    lane = next(iter(job.lanes.values()))

    standing = standing_of_run(lane.run())

    assert standing == standing_of_lane(lane)
    assert len(standing.steps) == 4


def test_nothing_changes_a_run_after_its_end(make_lab):
    """What the pool still tells of a stopped run's calls is not noted any more."""
    lab = make_lab(ScriptedEndpoint(latency=lambda _: HANG))
    job = lab.job(V3, documents=SHORT)
    job.start()
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.asked) == 3)
    job.stop.set()
    assert job.wait(5)
    lane = next(iter(job.lanes.values()))
    ended = lane.run()

    lane.note(lane.calls[0], CallEvent("started", 0))
    lane.note(lane.calls[0], CallEvent("text", 0, text="late"))

    assert lane.run() == ended
    assert lane.steps() == ["stopped"] * 4


def test_the_oldest_ended_jobs_go(lab):
    """Of 103 ended jobs the last 100 are found; the newest one always is."""
    jobs, made = Jobs(), []
    for _ in range(103):
        made.append(lab.job(V3, documents=SHORT))
        jobs.add(made[-1])

    found = [jobs.find(job.id) is job for job in made]

    assert found == [False] * 3 + [True] * 100


def test_a_job_that_goes_on_is_never_dropped(make_lab):
    """However many jobs come after it, one that still runs is found."""
    lab = make_lab(ScriptedEndpoint(latency=lambda _: HANG))
    jobs, live = Jobs(), lab.job(V3, documents=SHORT)
    jobs.add(live)
    live.start()

    for _ in range(101):
        jobs.add(lab.job(V3, documents=SHORT))

    assert jobs.find(live.id) is live
    live.stop.set()
    assert live.wait(5)
