"""What the tracker tells of runs of Hamilton drivers."""

import asyncio
import json
import logging
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hamilton import ad_hoc_utils, async_driver
from hamilton.function_modifiers import config, tag

from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import PromptStore
from dataflows.tracker import Tracker, from_json, spacing_sha256, text_sha256, to_json, tracked_call, tracked_request
from prompts.summarization import prompts_v3
from tests import tracker_flows as flows
from tests.tracker_flows import KEY, Broken, Kept, Stuck, built, shout, tracked


def one_prompt() -> str:
    return "One {slot}"


@tag(kind="prompt")
def instruction() -> str:
    return "Two"


def answer(one_prompt: str, instruction: str, given_prompt: str) -> str:
    return f"{one_prompt}  {instruction}\n{given_prompt}"


def test_a_record_says_what_ran_and_what_came_out():
    """Nodes with their times, the output by its hashes, request, tags, commit; and no text."""
    with tracked_request("ticket-7", customer="c1"):
        record = tracked(shout, outputs=["shout"], inputs={"text": "a  secret"}, git_sha="abcdef1")

    assert (record.dataflow, record.source, record.status, record.error) == ("test", "tests", "done", None)
    assert (record.request_id, record.tags, record.git_sha) == ("ticket-7", {"customer": "c1"}, "abcdef1")
    assert [node.name for node in record.nodes] == ["shout"]
    assert 0 <= record.nodes[0].offset <= record.nodes[0].offset + record.nodes[0].seconds <= record.seconds
    assert record.outputs["shout"].sha256 == text_sha256("A  SECRET")
    assert record.outputs["shout"].spacing_sha256 == spacing_sha256("A SECRET\n")
    assert "secret" not in to_json(record).lower()


def test_prompts_are_told_wherever_they_come_from():
    """By name or tag; of nodes, inputs and overrides, of which only those count that are used."""
    record = tracked(
        answer,
        one_prompt,
        instruction,
        outputs=["answer"],
        inputs={"given_prompt": "Three", "idle_prompt": "never used"},
        overrides={"one_prompt": "Other {slot}"},
        keep_content=True,
    )

    told = {name: (prompt.way, prompt.text, prompt.sha256) for name, prompt in record.prompts.items()}
    assert told == {
        "one_prompt": ("override", "Other {slot}", text_sha256("Other {slot}")),
        "instruction": ("code", "Two", text_sha256("Two")),
        "given_prompt": ("input", "Three", text_sha256("Three")),
    }
    assert record.version.way == "mixed"


@config.when(version="v2")
def last_prompt__v2() -> str:
    return "second"


def test_the_version_is_told_by_module_by_config_and_by_the_store(tmp_path):
    """prompts_v3.py, a variant's name, or the store's number and label."""
    names = ["summarize_chunk_of_text_prompt"]
    store = PromptStore(tmp_path / "prompts.db")
    number = store.add_version("summarization", {names[0]: "text"}, reason="first")
    store.move_label("summarization", "production", number, by="Ada", why="first")
    sink = Kept()
    tracker = Tracker("summarization", sinks=[sink])
    loader = loader_module("summarization", names)

    for module, options, outputs, inputs in (
        (prompts_v3, {}, names, {}),
        (ad_hoc_utils.create_temporary_module(last_prompt__v2), {"version": "v2"}, ["last_prompt"], {}),
        (loader, {}, names, {"prompt_store": store}),
    ):
        chain = flows.driver.Builder().with_modules(module).with_config(options).with_adapters(tracker).build()
        chain.execute(outputs, inputs=inputs)
    tracker.flush()

    found = [(record.version.way, record.version.version, record.version.label) for record in sink.records]
    assert found == [("module", "v3", ""), ("config", "v2", ""), ("store", "v1", "production")]
    assert [prompt.version for record in sink.records for prompt in record.prompts.values()] == ["v3", "v2", "v1"]


def broken(text: str) -> str:
    raise ValueError(f"no {text}, api_key={KEY}")


def test_an_error_is_told_without_its_key_and_raised_as_it_was():
    """Of the node and of the run."""
    sink = Kept()
    tracker = Tracker("test", sinks=[sink])

    with pytest.raises(ValueError, match=KEY):
        built(broken, adapters=[tracker]).execute(["broken"], inputs={"text": "luck"})
    tracker.flush()

    assert sink.record.status == "failed"
    assert sink.record.error == sink.record.nodes[0].error
    assert (sink.record.error.type, sink.record.error.message[:8]) == ("ValueError", "no luck,")
    assert KEY not in to_json(sink.record)


def interrupted() -> str:
    raise KeyboardInterrupt


def test_what_is_no_exception_is_told_too():
    """A node that is left by KeyboardInterrupt has failed, even while another error is handled."""
    sink = Kept()
    tracker = Tracker("test", sinks=[sink])

    try:
        raise ValueError("handled")
    except ValueError:
        with suppress(KeyboardInterrupt):
            built(interrupted, adapters=[tracker]).execute(["interrupted"])
    tracker.flush()

    assert sink.record.status == "failed"
    assert [node.error.type for node in sink.record.nodes] == ["KeyboardInterrupt"]


def test_keys_of_the_environment_and_hidden_patterns_are_in_no_record(monkeypatch):
    """Wherever they stand: in texts that are kept, tags, errors, the request."""
    monkeypatch.setenv("SOME_API_KEY", "plainwords")

    with tracked_request("plainwords-1", card="1234123412341234"):
        record = tracked(
            shout,
            one_prompt,
            outputs=["shout", "text"],
            inputs={"text": "plainwords 1234123412341234"},
            keep_content=True,
            hide=[r"\b\d{16}\b"],
        )

    told = to_json(record)
    assert "plainwords" not in told.replace("PLAINWORDS", "")
    assert "1234123412341234" not in told
    assert record.outputs["text"].text == "[redacted] [redacted]"


async def slow(one_prompt: str, text: str) -> str:
    await asyncio.sleep(0.01)
    with tracked_call("m-2"):
        return one_prompt + text


async def last(slow: str) -> str:
    with tracked_call("m-3") as call:
        call.answered(slow, input_tokens=1, output_tokens=2)
    return slow


def test_an_async_driver_is_tracked_by_the_same_class():
    """Times are of the execution, calls belong to their nodes, and runs at once stay apart."""
    sink = Kept()
    tracker = Tracker("test", sinks=[sink], keep_content=True)
    module = ad_hoc_utils.create_temporary_module(one_prompt, slow, last)

    async def both():
        chain = await async_driver.Builder().with_modules(module).with_adapters(tracker).build()
        return await asyncio.gather(*(chain.execute(["last"], inputs={"text": text}) for text in "ab"))

    given = asyncio.run(both())
    tracker.flush()

    assert [one["last"] for one in given] == ["One {slot}a", "One {slot}b"]
    assert sorted(record.outputs["last"].text for record in sink.records) == ["One {slot}a", "One {slot}b"]
    for record in sink.records:
        seconds = {node.name: node.seconds for node in record.nodes}
        assert list(seconds) == ["one_prompt", "slow", "last"]
        assert seconds["slow"] >= 0.01 > seconds["one_prompt"]
        assert [(call.node, call.model, call.output_tokens) for call in record.calls] == [
            ("slow", "m-2", None),
            ("last", "m-3", 2),
        ]
        assert list(record.prompts) == ["one_prompt"]


async def refused(text: str) -> str:
    raise ValueError(text)


def test_a_failing_node_of_an_async_driver_is_told():
    """With its error, as is the run."""
    sink = Kept()
    tracker = Tracker("test", sinks=[sink])
    module = ad_hoc_utils.create_temporary_module(refused)

    async def run():
        chain = await async_driver.Builder().with_modules(module).with_adapters(tracker).build()
        await chain.execute(["refused"], inputs={"text": "no"})

    with pytest.raises(ValueError, match="no"):
        asyncio.run(run())
    tracker.flush()

    assert (sink.record.status, sink.record.error.type) == ("failed", "ValueError")
    assert [node.error.message for node in sink.record.nodes] == ["no"]


def outer(text: str, inner: object) -> str:
    with tracked_call("before"):
        pass
    inner.execute(["shout"], inputs={"text": text})
    with tracked_call("after"):
        return text


def test_a_run_inside_of_a_node_is_a_run_of_its_own():
    """Calls before and after it belong to the outer node."""
    sinks = [Kept(), Kept()]
    trackers = [Tracker("test", sinks=[sink]) for sink in sinks]
    inner = built(shout, adapters=[trackers[1]])

    built(outer, adapters=[trackers[0]]).execute(["outer"], inputs={"text": "a", "inner": inner})
    assert all(tracker.flush() for tracker in trackers)

    assert [(call.node, call.model) for call in sinks[0].record.calls] == [("outer", "before"), ("outer", "after")]
    assert (sinks[1].record.calls, len(sinks[1].record.nodes)) == ((), 1)


def test_a_sink_that_fails_fails_no_run_and_is_logged_once(caplog):
    """Other sinks get every record; the log has no key, and says when it works again."""
    caplog.set_level(logging.INFO)
    broken_sink, kept = Broken(), Kept()
    tracker = Tracker("test", sinks=[broken_sink, kept])
    chain = built(shout, adapters=[tracker])

    for _ in range(3):
        chain.execute(["shout"], inputs={"text": "a"})
    tracker.flush()
    broken_sink.is_broken = False
    chain.execute(["shout"], inputs={"text": "a"})
    tracker.flush()

    assert (len(kept.records), tracker.deliveries[0].failed, tracker.deliveries[0].written) == (4, 3, 1)
    lines = [record.message for record in caplog.records if record.name.startswith("dataflows.tracker")]
    assert lines == [
        "Broken takes no runs, which are lost until it does: RuntimeError: no place for it, Bearer [redacted]",
        "Broken takes runs again; 3 were lost",
    ]


def test_a_sink_that_hangs_holds_up_nobody(caplog):
    """Its queue keeps the newest runs, what it drops is counted and said once, and other sinks go on."""
    stuck, kept = Stuck(), Kept()
    tracker = Tracker("test", sinks=[stuck, kept], most_waiting=2)
    chain = built(shout, adapters=[tracker])

    chain.execute(["shout"], inputs={"text": "0"})
    stuck.begun.wait(10)
    for number in range(1, 6):
        chain.execute(["shout"], inputs={"text": str(number)})
        tracker.deliveries[1].flush(10)

    assert (len(kept.records), tracker.deliveries[0].dropped, tracker.flush(0.01)) == (6, 3, False)
    stuck.go.set()
    assert tracker.flush()
    assert [own.run_id for own in stuck.records] == [kept.records[place].run_id for place in (0, 4, 5)]
    assert caplog.text.count("Stuck is too slow: 2 runs wait, the oldest are dropped") == 1


def test_a_mistake_of_the_tracker_fails_no_run(caplog):
    """Something odd instead of a graph is logged, and the node's value is given."""
    tracker = Tracker("test", sinks=[Kept()])

    tracker.pre_graph_execute(run_id="r", graph=None, final_vars=[], inputs=None, overrides=None)

    assert "the tracker made a mistake in pre_graph_execute; the run goes on" in caplog.text


def test_other_processes_get_a_tracker_that_is_off():
    """A driver with a tracker can be pickled, as Ray and process pools do with every task."""
    tracker = Tracker("test", sinks=[Kept()])

    copied = pickle.loads(pickle.dumps(tracker))

    assert (tracker.is_on, copied.is_on) == (True, False)


def in_thread(text: str) -> str:
    def call():
        with tracked_call("in a thread"):
            pass

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    return text


def test_a_thread_begun_in_a_node_belongs_to_it():
    """And one that is begun outside of a run belongs to none."""
    record = tracked(in_thread, outputs=["in_thread"], inputs={"text": "a"})

    assert [(call.node, call.model) for call in record.calls] == [("in_thread", "in a thread")]
    assert in_thread("outside") == "outside"


def test_a_job_from_outside_is_of_no_run_though_a_run_began_its_thread():
    """A pool that the service shares has threads that serve others later, while that run still goes on."""
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as elsewhere:

        def call(model: str) -> None:
            with tracked_call(model):
                pass

        begun, go = threading.Event(), threading.Event()

        def node(text: str) -> str:
            pool.submit(call, "inside").result()
            begun.set()
            go.wait(10)
            return text

        def outside() -> None:
            begun.wait(10)
            pool.submit(call, "outside").result()
            go.set()

        other = elsewhere.submit(outside)
        record = tracked(node, outputs=["node"], inputs={"text": "a"})
        other.result()

    assert [call.model for call in record.calls] == ["inside"]


def test_a_call_that_goes_on_after_the_run_is_told_as_unfinished():
    """Its thread is left alone, and what it says later changes no record."""
    go, threads = threading.Event(), []

    def left(text: str) -> str:
        def call():
            with tracked_call("m"):
                begun.set()
                go.wait(10)

        begun = threading.Event()
        threads.append(threading.Thread(target=call))
        threads[0].start()
        begun.wait(10)
        return text

    record = tracked(left, outputs=["left"], inputs={"text": "a"})
    go.set()
    threads[0].join(10)

    assert [(call.model, call.error.type) for call in record.calls] == [("m", "Unfinished")]


def test_content_that_has_no_room_is_left_out():
    """Hashes stay, and the record is one that is read."""
    record = tracked(shout, outputs=["shout", "text"], inputs={"text": "x" * 1_000_010}, keep_content=True)

    assert [output.characters for output in record.outputs.values()] == [1_000_010] * 2
    assert [output.text and len(output.text) for output in record.outputs.values()] == [1_000_000] * 2
    assert from_json(to_json(record)) == record
    assert json.loads(to_json(record))["schema"] == 1
