import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.conftest import until
from tests.scripted import HANG, ScriptedEndpoint, out_of_order
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.claims import Claims
from workbench.engine.stopping import Stop
from workbench.errors import CallsFailed, StopError
from workbench.records import CallRequest
from workbench.settings import ROOT
from workbench.state.database import connect
from workbench.state.processes import Processes


@pytest.fixture
def make_claims(tmp_path):
    """Claims of so many processes on one file; each is a process of its own to the others."""
    return lambda: Claims(tmp_path / "claims.db", Processes(tmp_path))


@pytest.fixture
def make_pool(tmp_path):
    """Pools with one store; each is a process of its own to the others."""
    pools = []

    def make():
        pools.append(CallPool(CallStore(tmp_path / "calls.db")))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def ask(pool, endpoint, prompts, *, stop=None, since=0.0):
    """The answers, and the kinds of events of each prompt."""
    kinds = [[] for _ in prompts]
    requests = [CallRequest("local", "m", (("user", prompt),)) for prompt in prompts]
    answers = pool.answer_all(
        endpoint,
        requests,
        caller="one",
        stop=stop or Stop(),
        watch=lambda event: kinds[event.index].append(event.kind),
        since=since,
    )
    return answers, kinds


def owners(folder):
    with closing(connect(folder / "claims.db")) as connection:
        return dict(connection.execute("SELECT key, owner FROM claim"))


def test_a_claimed_call_is_nobody_else_s(make_claims):
    """What one process has claimed another one does not get, until it is given up."""
    one, two = make_claims(), make_claims()
    mine = one.exchange((), ["a", "b"])

    refused = two.exchange((), ["b", "c"])
    one.exchange(["b"], ())
    given_up = two.exchange((), ["b"])

    assert (mine, refused, given_up) == ({"a", "b"}, {"c"}, {"b"})


def test_a_claim_is_taken_again_by_its_owner(make_claims):
    """Claiming what one has already claimed gives it again."""
    claims = make_claims()
    claims.exchange((), ["a"])

    assert claims.exchange((), ["a"]) == {"a"}


def test_only_the_owner_gives_a_claim_up(make_claims, tmp_path):
    """A process that gives up what is another one's changes nothing."""
    one, two = make_claims(), make_claims()
    one.exchange((), ["a"])
    before = owners(tmp_path)

    two.exchange(["a"], ())

    assert owners(tmp_path) == before


def test_looking_at_what_others_make_writes_nothing(make_claims, tmp_path):
    """As long as everything wanted is claimed by living processes, the file is only read."""
    one, two = make_claims(), make_claims()
    one.exchange((), ["a", "b"])
    two.exchange((), ["c"])
    with closing(connect(tmp_path / "claims.db")) as watching:
        before = watching.execute("PRAGMA data_version").fetchone()

        two.exchange((), ["a", "b"])

        assert watching.execute("PRAGMA data_version").fetchone() == before


CLAIMS_AND_HANGS = """
import sys
from pathlib import Path
from workbench.engine.claims import Claims
from workbench.state.processes import Processes
folder = Path(sys.argv[1])
claims = Claims(folder / "claims.db", Processes(folder))
claims.exchange((), ["a", "b"])
print("claimed", flush=True)
sys.stdin.read()
"""


def test_the_claims_of_a_killed_process_are_free_at_once(make_claims, tmp_path):
    """After kill -9 of the process that claimed two calls, the next who comes gets both, and nothing is left of it."""
    command = [sys.executable, "-c", CLAIMS_AND_HANGS, str(tmp_path)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with child:
        child.stdout.readline()
        claims = make_claims()
        while_it_lives = claims.exchange((), ["a"])
        child.send_signal(signal.SIGKILL)
        child.wait()

        after = claims.exchange((), ["a"])

    assert (while_it_lives, after) == (set(), {"a"})
    make_claims().exchange((), ["z"])
    assert set(owners(tmp_path)) == {"a", "z"}


def test_a_call_another_process_makes_is_waited_for(make_pool):
    """Two processes that need the same call make it once; who did not make it is told that it reuses an answer."""
    endpoint = ScriptedEndpoint(str.upper, latency=0.2)
    one, two = make_pool(), make_pool()
    with ThreadPoolExecutor(1) as executor:
        making = executor.submit(ask, one, endpoint, ["a"])
        endpoint.wait_until(lambda: endpoint.asked == ["a"])

        answers, kinds = ask(two, endpoint, ["a"])

        assert making.result(5)[0] == answers
    assert endpoint.asked == ["a"]
    assert kinds == [["reused"]]


def test_two_processes_share_the_calls_of_one_work(make_pool):
    """200 calls that two processes need at the same time are made once each, and both have all answers."""
    endpoint, prompts = ScriptedEndpoint(latency=0.005), [str(number) for number in range(200)]
    with ThreadPoolExecutor(2) as executor:
        asking = [executor.submit(ask, make_pool(), endpoint, order) for order in (prompts, prompts[::-1])]

        (first, one), (second, two) = (each.result(20) for each in asking)

    assert sorted(endpoint.asked) == sorted(prompts)
    assert [answer.text for answer in first] == [answer.text for answer in second[::-1]]
    ends = [kinds[-1] for kinds in (*one, *two)]
    assert (ends.count("done"), ends.count("reused")) == (200, 200)


def test_a_call_that_failed_in_another_process_is_made_here(make_pool):
    """When the process that made a call gave it up without an answer, the one that waits makes it."""
    broken = [True]
    endpoint = ScriptedEndpoint(latency=0.2, failure=lambda _: out_of_order() if broken.pop() else None)
    broken.insert(0, False)
    one, two = make_pool(), make_pool()
    with ThreadPoolExecutor(1) as executor:
        failing = executor.submit(ask, one, endpoint, ["a"])
        endpoint.wait_until(lambda: endpoint.asked == ["a"])

        answers, kinds = ask(two, endpoint, ["a"])

        with pytest.raises(CallsFailed):
            failing.result(5)
    assert answers[0].text
    assert (endpoint.asked, kinds) == (["a", "a"], [["started", "text", "done"]])


def test_a_stop_gives_calls_up_for_other_processes(make_pool):
    """A process that waits for a call of another one makes it as soon as that one is stopped."""
    latencies = iter([HANG, 0.0])
    endpoint, stop = ScriptedEndpoint(latency=lambda _: next(latencies)), Stop()
    one, two = make_pool(), make_pool()
    with ThreadPoolExecutor(2) as executor:
        hanging = executor.submit(ask, one, endpoint, ["a"], stop=stop)
        endpoint.wait_until(lambda: endpoint.asked == ["a"])
        waiting = executor.submit(ask, two, endpoint, ["a"])

        stop.set()

        assert waiting.result(5)[0][0].text
        with pytest.raises(StopError):
            hanging.result(5)


def test_a_stop_ends_the_wait_for_another_process(make_pool, tmp_path):
    """Who waits for a call that another process makes stops within half a second, and that call goes on."""
    endpoint, stop = ScriptedEndpoint(latency=lambda _: HANG), Stop()
    one, two = make_pool(), make_pool()
    with ThreadPoolExecutor(2) as executor:
        hanging = executor.submit(ask, one, endpoint, ["a"])
        endpoint.wait_until(lambda: endpoint.asked == ["a"])
        waiting = executor.submit(ask, two, endpoint, ["a"], stop=stop)
        time.sleep(0.2)  # so that it waits; were it not, the test would only prove less
        begun = time.monotonic()

        stop.set()

        with pytest.raises(StopError):
            waiting.result(5)
        assert time.monotonic() - begun < 0.5
        assert (endpoint.asked, endpoint.aborted, len(owners(tmp_path))) == (["a"], [], 1)
        one.close()
        with pytest.raises(StopError):
            hanging.result(5)


def test_a_fresh_run_takes_what_another_process_makes_meanwhile(make_pool):
    """An answer from before is not used, one that another process makes after the start is."""
    endpoint = ScriptedEndpoint()
    one, two = make_pool(), make_pool()
    ask(one, endpoint, ["a"])
    since = time.time()
    endpoint.latency = lambda _: 0.2
    with ThreadPoolExecutor(1) as executor:
        making = executor.submit(ask, one, endpoint, ["a"], since=since)
        endpoint.wait_until(lambda: len(endpoint.asked) == 2)

        answers, kinds = ask(two, endpoint, ["a"], since=since)

        assert making.result(5)[0] == answers
    assert (len(endpoint.asked), kinds) == (2, [["reused"]])


def test_nothing_is_claimed_when_all_answers_are_kept(make_pool, tmp_path):
    """A run whose answers are all there writes no claim, and none is left after one that made its calls."""
    endpoint = ScriptedEndpoint()
    ask(make_pool(), endpoint, ["a", "b"])
    assert owners(tmp_path) == {}
    with closing(connect(tmp_path / "claims.db")) as watching:
        before = watching.execute("PRAGMA data_version").fetchone()

        ask(make_pool(), endpoint, ["a", "b"])

        assert watching.execute("PRAGMA data_version").fetchone() == before


def test_a_broken_file_of_claims_costs_no_call(make_pool, tmp_path):
    """Where nothing can be claimed, calls are made and answered as if there were no other process."""
    (tmp_path / "claims.db").mkdir()
    endpoint = ScriptedEndpoint(str.upper)

    answers, _ = ask(make_pool(), endpoint, ["a", "b"])

    assert [answer.text for answer in answers] == ["A", "B"]


@contextmanager
def workers(folder, number, count):
    """Processes that make the same calls once told to go on; all are ready."""
    command = [sys.executable, "-m", "tests.claims_child", str(folder), str(count)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with ExitStack() as stack:
        children = [stack.enter_context(subprocess.Popen(command, **pipes)) for _ in range(number)]
        for child in children:
            child.stdout.readline()
        yield children


def start(child):
    child.stdin.write("go\n")
    child.stdin.flush()


def asked(folder):
    return (folder / "asked").read_text().split() if (folder / "asked").exists() else []


def test_three_processes_make_each_call_once(tmp_path):
    """Three processes started at once with the same 150 calls have all answers, and 150 calls were made in all."""
    with workers(tmp_path, 3, 150) as children:
        for child in children:
            start(child)

        told = [json.loads(child.communicate(timeout=20)[0]) for child in children]

    assert sorted(asked(tmp_path), key=int) == [str(number) for number in range(150)]
    assert [answers for answers, _ in told] == [150] * 3
    assert sum(done for _, done in told) == 150


def test_another_process_goes_on_where_one_was_killed(tmp_path):
    """When the process that makes the calls is killed with -9, the one that waits makes the rest.

    Only calls that were on their way are repeated.
    """
    with workers(tmp_path, 2, 150) as (first, second):
        start(first)
        assert until(lambda: len(asked(tmp_path)) >= 40)
        start(second)
        assert until(lambda: len(asked(tmp_path)) >= 75)

        first.send_signal(signal.SIGKILL)

        answers, done = json.loads(second.communicate(timeout=20)[0])
    repeated = len(asked(tmp_path)) - 150
    assert answers == 150
    assert len(set(asked(tmp_path))) == 150
    assert 0 < done <= 150
    assert repeated <= 32  # 16 on their way, and as many answered but not kept yet
