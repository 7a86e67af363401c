"""Calls of a model as the tracker sees them; the endpoint is our own."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
from pydantic import BaseModel

from dataflows.tracker import Tracker, to_json, tracked_call
from tests import tracker_flows as flows
from tests.endpoint import FakeEndpoint
from tests.endpoint_replies import json_reply
from tests.tracker_flows import KEY, Kept, asked, built, client_of, tracked
from workbench.settings import ROOT

MESSAGES = [{"role": "user", "content": "Say it"}]


@pytest.fixture(scope="module")
def endpoint():
    with FakeEndpoint(answer=lambda request: f"You said {request.prompt}") as server:
        yield server


@pytest.fixture(autouse=True)
def _no_fault(endpoint):
    endpoint.fault = lambda _: ""


def call_in(function, **options):
    """The calls of a run whose one node calls this function; its value is the output."""

    def answer() -> str:
        return function()

    return tracked(answer, outputs=["answer"], **options).calls


def test_a_call_says_what_was_asked_and_what_it_took(endpoint):
    """Model, server, tokens, reason, settings, node; texts only where content is kept."""
    client = client_of(endpoint)

    [call] = call_in(lambda: asked(client, "Hello", temperature=0.5, seed=7))
    [kept] = call_in(lambda: asked(client, "Hello"), keep_content=True)

    assert (call.node, call.provider, call.model, call.answering_model) == ("answer", "openai", "m-1", "m-1")
    assert (call.server, call.settings) == (f"127.0.0.1:{endpoint.port}", {"temperature": 0.5, "seed": 7.0})
    assert (call.input_tokens, call.output_tokens, call.finish_reason, call.error) == (2, 3, "stop", None)
    assert (call.messages, call.answer) == (None, None)
    assert [(message.role, message.text) for message in kept.messages] == [("user", "Hello")]
    assert kept.answer == "You said Hello"


@pytest.mark.parametrize("build", [flows.built_in_pool, flows.built_in_parallel])
def test_calls_of_pools_and_parallel_tasks_belong_to_their_nodes(endpoint, build):
    """A pool inside a node, and Hamilton's own threads with their tasks; each is one record with all calls."""
    sink = Kept()
    tracker = Tracker("test", sinks=[sink], keep_content=True)
    chain = build([tracker])
    output = "summary" if build is flows.built_in_pool else "parallel_summary"

    chain.execute([output], inputs={"client": client_of(endpoint), "count": 5})
    tracker.flush()

    record = sink.record
    assert sorted(call.messages[0].text for call in record.calls) == [f"Say more: chunk {n}" for n in range(5)]
    nodes = {(node.task_id, node.name) for node in record.nodes}
    assert all((call.task_id, call.node) in nodes for call in record.calls)
    if output == "summary":
        assert {(call.task_id, call.node) for call in record.calls} == {("", "answers")}
    else:
        assert len({call.task_id for call in record.calls if call.node == "chunk_answer"}) == 5


def test_a_pool_that_serves_several_runs_gives_each_its_own(endpoint):
    """Its threads are begun in one run and don't stay with it."""
    sink, client = Kept(), client_of(endpoint)
    tracker = Tracker("test", sinks=[sink], keep_content=True)

    with ThreadPoolExecutor(2) as pool:

        def answer(text: str) -> str:
            return pool.submit(asked, client, text).result()

        chain = built(answer, adapters=[tracker])
        for text in "abc":
            chain.execute(["answer"], inputs={"text": text})
        outside = pool.submit(asked, client, "outside").result()
    tracker.flush()

    assert outside == "You said outside"
    assert [[call.messages[0].text for call in record.calls] for record in sink.records] == [["a"], ["b"], ["c"]]


def streamed(client, *, usage):
    options = {"stream_options": {"include_usage": True}} if usage else {}
    pieces = client.chat.completions.create(model="m-1", messages=MESSAGES, stream=True, **options)
    return "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)


def left_early(client):
    with client.chat.completions.create(model="m-1", messages=MESSAGES, stream=True) as pieces:
        return next(pieces).choices[0].delta.content


def raw(client):
    return client.chat.completions.with_raw_response.create(model="m-1", messages=MESSAGES)


def raw_stream(client):
    reply = client.chat.completions.with_raw_response.create(model="m-1", messages=MESSAGES, stream=True)
    return "".join(piece.choices[0].delta.content or "" for piece in reply.parse())


def streaming_response(client):
    create = client.chat.completions.with_streaming_response.create
    with create(model="m-1", messages=MESSAGES) as reply:
        return reply.parse().choices[0].message.content


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda client: streamed(client, usage=True), ("You said Say it", 2, 4, "stop")),
        (lambda client: streamed(client, usage=False), ("You said Say it", None, None, "stop")),
        (left_early, ("You", None, None, "")),
        (lambda client: raw(client).parse().choices[0].message.content, ("You said Say it", 2, 4, "stop")),
        (raw_stream, ("You said Say it", None, None, "stop")),
        (streaming_response, ("You said Say it", 2, 4, "stop")),
    ],
)
def test_streams_and_raw_responses_are_seen_as_the_service_takes_them(endpoint, function, told):
    """And give the service what they would have given it."""
    client = client_of(endpoint)
    untracked = function(client)
    given = []

    [call] = call_in(lambda: given.append(function(client)) or given[0], keep_content=True)

    assert given == [untracked]
    assert (call.answer, call.input_tokens, call.output_tokens, call.finish_reason) == told


def test_async_clients_are_seen(endpoint):
    """A plain answer, a stream, and two at once."""

    async def run():
        async with client_of(endpoint, "AsyncOpenAI") as client:
            create = client.chat.completions.create
            await asyncio.gather(*(create(model=f"m-{n}", messages=MESSAGES) for n in (1, 2)))
            pieces = await create(model="m-3", messages=MESSAGES, stream=True)
            return "".join([piece.choices[0].delta.content or "" async for piece in pieces])

    calls = call_in(lambda: asyncio.run(run()), keep_content=True)

    assert sorted(call.model for call in calls) == ["m-1", "m-2", "m-3"]
    assert {call.answer for call in calls} == {"You said Say it"}
    assert {call.node for call in calls} == {"answer"}


class Shape(BaseModel):
    name: str


def test_a_parsed_answer_is_seen():
    """chat.completions.parse gives its object, and its call is told."""
    with FakeEndpoint(answer=lambda _: '{"name": "rose"}') as endpoint:
        client = client_of(endpoint)

        def parsed():
            reply = client.chat.completions.parse(model="m-1", messages=MESSAGES, response_format=Shape)
            return reply.choices[0].message.parsed.name

        [call] = call_in(parsed, keep_content=True)

    assert (call.answer, call.error) == ('{"name": "rose"}', None)


RESPONSE = {
    "id": "r",
    "object": "response",
    "status": "completed",
    "model": "m-1-dated",
    "output": [
        {"type": "reasoning", "id": "x", "summary": []},
        {"type": "message", "id": "m", "role": "assistant", "content": [{"type": "output_text", "text": "Yes"}]},
    ],
    "usage": {"input_tokens": 5, "output_tokens": 6, "total_tokens": 11},
}


def test_the_responses_api_is_seen():
    """Its instructions and input are messages, its output text the answer."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(RESPONSE).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key=KEY)
        create = client.responses.create
        [call] = call_in(
            lambda: create(model="m-1", instructions="Be brief", input="Is it?").output_text, keep_content=True
        )
        server.shutdown()

    assert (call.answer, call.input_tokens, call.output_tokens, call.finish_reason) == ("Yes", 5, 6, "stop")
    assert [(own.role, own.text) for own in call.messages] == [("system", "Be brief"), ("user", "Is it?")]
    assert call.answering_model == "m-1-dated"


def test_a_refused_key_is_in_no_record_and_the_error_stays_as_it_was(endpoint):
    """The endpoint repeats the key in its 401; the service gets that error, the record a redacted one."""
    endpoint.fault = lambda _: "401"
    sink, errors = Kept(), []
    tracker = Tracker("test", sinks=[sink], keep_content=True)

    def answer() -> str:
        try:
            return asked(client_of(endpoint), "Hello")
        except openai.AuthenticationError as error:
            errors.append(error)
            raise

    with pytest.raises(openai.AuthenticationError, match=KEY):
        built(answer, adapters=[tracker]).execute(["answer"])
    tracker.flush()

    assert errors[0].status_code == 401
    assert sink.record.calls[0].error.type == "AuthenticationError"
    assert "Incorrect API key provided: [redacted]." in sink.record.calls[0].error.message
    assert KEY not in to_json(sink.record)


def test_a_key_that_looks_like_none_is_known_by_its_client(endpoint):
    """Though it is in no environment."""
    endpoint.fault = lambda _: "401"
    client = client_of(endpoint, api_key="a plain sentence")

    def answer() -> str:
        try:
            return asked(client, "Hello")
        except openai.AuthenticationError as error:
            return str(error)

    record = tracked(answer, outputs=["answer"], keep_content=True)

    assert "Incorrect API key provided: [redacted]." in record.outputs["answer"].text
    assert "plain sentence" not in to_json(record)


def test_repetitions_of_the_client_are_one_call(endpoint):
    """Two refusals and an answer."""
    endpoint.fault = lambda request: json_reply(429, {}, **{"Retry-After": "0.01"}) if request.repeat < 2 else ""
    before = len(endpoint.requests)

    [call] = call_in(lambda: asked(client_of(endpoint, max_retries=3), "Again, please"))

    assert (len(endpoint.requests) - before, call.error, call.finish_reason) == (3, None, "stop")


def test_a_stream_that_breaks_off_has_failed(endpoint):
    """With the type of its error."""
    endpoint.fault = lambda _: "cut"
    client = client_of(endpoint)

    def answer() -> str:
        try:
            return streamed(client, usage=False)
        except Exception as error:  # noqa: BLE001 whatever it is
            return type(error).__name__

    record = tracked(answer, outputs=["answer"], keep_content=True)

    assert record.calls[0].error.type == record.outputs["answer"].text
    assert record.status == "done"


def test_another_client_s_calls_are_told_by_the_service():
    """With what it says of them, as far as it makes sense; an error is told and raised; outside nothing happens."""

    def answer() -> str:
        with tracked_call("small", server="models:80", provider="x", messages=[("user", "a")], temperature=0.1) as call:
            call.answered("b", input_tokens=3, output_tokens="?", finish_reason=None, model="small-2")
        try:
            with tracked_call("large"):
                raise ConnectionError("no route")
        except ConnectionError:
            return "b"

    first, second = tracked(answer, outputs=["answer"], keep_content=True).calls

    assert (first.model, first.server, first.provider, first.answer) == ("small", "models:80", "x", "b")
    assert (first.input_tokens, first.output_tokens, first.settings) == (3, None, {"temperature": 0.1})
    assert (second.error.type, second.error.message) == ("ConnectionError", "no route")
    assert answer() == "b"


OFF = """
import concurrent.futures, threading
import openai
from hamilton import ad_hoc_utils, driver
from dataflows.tracker import Tracker, adapters_from_environment

def kept():
    return (openai.OpenAI.request, openai.AsyncOpenAI.request, threading.Thread.start,
            concurrent.futures.ThreadPoolExecutor.submit)

def shout(text: str) -> str:
    return text.upper()

def run(*adapters):
    module = ad_hoc_utils.create_temporary_module(shout)
    driver.Builder().with_modules(module).with_adapters(*adapters).build().execute(["shout"], inputs={"text": "a"})

before = kept()
run(*adapters_from_environment("test", environment={}))
run(Tracker.from_environment("test", environment={"WORKBENCH_TRACK": "off"}))
print(kept() == before, threading.active_count())
run(Tracker.from_environment("test", environment={"WORKBENCH_TRACK": "jsonl:" + __import__("os").devnull}))
print([own is other for own, other in zip(kept(), before)])
"""


def test_off_is_off():
    """Nothing of the process is changed and no thread is begun, until a tracker is on."""
    ran = subprocess.run([sys.executable, "-c", OFF], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    assert ran.stdout.splitlines() == ["True 1", "[False, False, False, False]"]
