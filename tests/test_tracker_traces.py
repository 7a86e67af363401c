"""Traces of tracked runs, as an OTLP receiver gets them."""

import subprocess
import sys

import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from dataflows.tracker import Tracker
from dataflows.tracker.open_telemetry import OpenTelemetry
from tests import tracker_flows as flows
from tests.endpoint import FakeEndpoint
from tests.otlp_receiver import Receiver, attributes
from tests.tracker_flows import KEY, built, client_of
from workbench.settings import ROOT

CLIENT, ERROR = 3, 2
"""Of the protocol."""


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def provider(receiver):
    made = TracerProvider(shutdown_on_exit=False)
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{receiver.url}/v1/traces")))
    yield made
    made.shutdown()


def test_a_run_of_40_chunks_arrives_as_one_tree(receiver, provider):
    """One trace with one root, its nodes below it, and 40 calls below the node whose pool made them."""
    tracker = Tracker("summary", source="tests", sinks=[OpenTelemetry(provider)])

    with FakeEndpoint() as endpoint:
        flows.built_in_pool([tracker]).execute(["summary"], inputs={"client": client_of(endpoint), "count": 40})
    assert tracker.flush()

    assert len({span.trace_id for span in receiver.spans}) == 1
    [root] = receiver.roots
    nodes = {span.name: span for span in receiver.below(root)}
    assert (root.name, set(nodes)) == ("run summary", {"chunks", "chunk_prompt", "answers", "summary"})
    calls = receiver.below(nodes["answers"])
    assert [(span.name, span.kind) for span in calls] == [("chat m-1", CLIENT)] * 40
    assert len(receiver.spans) == 1 + 4 + 40
    for span in receiver.spans:
        assert root.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= root.end_time_unix_nano
    assert not [body for body in receiver.bodies if b"Say more" in body]


def test_parallel_tasks_are_one_tree_too(receiver, provider):
    """Whose calls are below the node of their own task."""
    tracker = Tracker("summary", sinks=[OpenTelemetry(provider)])

    with FakeEndpoint() as endpoint:
        chain = flows.built_in_parallel([tracker])
        chain.execute(["parallel_summary"], inputs={"client": client_of(endpoint), "count": 6})
    tracker.flush()

    assert len(receiver.roots) == len({span.trace_id for span in receiver.spans}) == 1
    nodes = [span for span in receiver.spans if span.name == "chunk_answer"]
    assert [len(receiver.below(node)) for node in nodes] == [1] * 6


def test_a_call_has_the_names_of_the_conventions(receiver, provider):
    """And its texts only by opt-in."""
    tracker = Tracker("summary", sinks=[OpenTelemetry(provider, content=True)], keep_content=True)

    with FakeEndpoint(answer=lambda _: "Fine \ud800") as endpoint:
        flows.built_in_pool([tracker]).execute(["answers"], inputs={"client": client_of(endpoint), "count": 1})
        port = endpoint.port
    tracker.flush()

    told = attributes(next(span for span in receiver.spans if span.name == "chat m-1"))
    assert told.pop("gen_ai.response.finish_reasons").values[0].string_value == "stop"
    assert told == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "m-1",
        "gen_ai.response.model": "m-1",
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 2,
        "server.address": "127.0.0.1",
        "server.port": port,
        "gen_ai.input.messages": '[{"role": "user", "parts": [{"type": "text", "content": "Say more: chunk 0"}]}]',
        "gen_ai.output.messages": '[{"role": "assistant", "parts": [{"type": "text", "content": "Fine \\ud800"}],'
        ' "finish_reason": "stop"}]',
    }


def test_a_run_is_below_the_span_in_which_it_was_made(receiver, provider):
    """The service's own, though the record is written in another thread and later."""
    tracker = Tracker("summary", sinks=[OpenTelemetry(provider)])
    chain = built(flows.chunks, adapters=[tracker])

    with provider.get_tracer("service").start_as_current_span("POST /summaries"):
        chain.execute(["chunks"])
    tracker.flush()

    [root] = receiver.roots
    assert root.name == "POST /summaries"
    assert [span.name for span in receiver.below(root)] == ["run summary"]


def test_a_failed_run_says_so_without_its_key(receiver, provider):
    """The endpoint's 401 repeats the key: it is in no byte that is sent."""
    tracker = Tracker("summary", sinks=[OpenTelemetry(provider)])

    with FakeEndpoint(fault=lambda _: "401") as endpoint, pytest.raises(Exception, match=KEY):
        flows.built_in_pool([tracker]).execute(["answers"], inputs={"client": client_of(endpoint), "count": 2})
    tracker.flush()

    failed = {span.name: span.status for span in receiver.spans if span.status.code == ERROR}
    assert set(failed) == {"run summary", "answers", "chat m-1"}
    assert all("Incorrect API key provided: [redacted]" in status.message for status in failed.values())
    assert receiver.bodies
    assert not [body for body in receiver.bodies if KEY.encode() in body]


SERVICE = """
from hamilton import ad_hoc_utils, driver
from dataflows.tracker import adapters_from_environment

def shout(text: str) -> str:
    return text.upper()

adapters = adapters_from_environment("shouting", source="tests")
module = ad_hoc_utils.create_temporary_module(shout)
chain = driver.Builder().with_modules(module).with_adapters(*adapters).build()
chain.execute(["shout"], inputs={"text": "a"})
"""


def test_one_line_and_the_environment_send_traces(receiver):
    """A process that sets no provider, and that ends at once, has sent its run."""
    environment = {"WORKBENCH_TRACK": "otel", "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}
    environment |= {"HAMILTON_AUTOLOAD_EXTENSIONS": "0"}

    subprocess.run([sys.executable, "-c", SERVICE], cwd=ROOT, env=environment, timeout=60, check=True)

    assert [span.name for span in receiver.roots] == ["run shouting"]
    assert attributes(receiver.roots[0])["workbench.source"] == "tests"


def test_without_a_place_traces_are_refused(monkeypatch):
    """With a sentence, when the service starts."""
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)

    with pytest.raises(ValueError, match="nothing says where traces go"):
        OpenTelemetry()
