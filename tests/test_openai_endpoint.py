import asyncio
import contextlib
import subprocess
import sys
import traceback

import pytest

from tests.endpoint import FakeEndpoint
from tests.endpoint_replies import Reply, json_reply
from workbench.errors import ModelError
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.models.retries import Quota
from workbench.records import Answer, CallRequest
from workbench.settings import ROOT

KEY = "an-unusual-key-0123456789"


class Heard:
    """What a call told while it ran."""

    def __init__(self):
        self.pieces = []
        self.quotas = []


def request(prompt="Say hello to the world.", **parameters):
    return CallRequest("http://anywhere", "a-model", (("user", prompt),), parameters)


async def ask(server, asked, heard, silence_seconds=5.0):
    endpoint = OpenAIEndpoint(server.url, KEY, silence_seconds=silence_seconds)
    try:
        return await endpoint.ask(asked, heard.pieces.append, heard.quotas.append)
    finally:
        await endpoint.close()


def answer_of(server, asked=None, heard=None, **limits) -> Answer:
    return asyncio.run(ask(server, asked or request(), heard or Heard(), **limits))


def failure_of(server, **limits) -> ModelError:
    with pytest.raises(ModelError) as raised:
        answer_of(server, **limits)
    return raised.value


def test_the_pieces_of_a_streamed_answer_are_its_text():
    """What is told piece by piece is the answer, with the endpoint's own token counts and its times."""
    heard = Heard()

    with FakeEndpoint(words=5, tokens_per_second=500) as server:
        answer = answer_of(server, heard=heard)

    assert answer.text.endswith("Say hello to the")
    assert "".join(heard.pieces) == answer.text
    assert len(heard.pieces) > 1
    assert (answer.input_tokens, answer.output_tokens) == (6, 5)
    assert 0 < answer.first_token_seconds < answer.seconds
    assert answer.finish_reason == "stop"


def test_parameters_go_into_the_body_as_they_are():
    """Parameters the client doesn't know reach the endpoint, those under extra_body too."""
    asked = request(temperature=0.2, top_k=40, extra_body={"repeat_penalty": 1.1})

    with FakeEndpoint() as server:
        answer_of(server, asked)

    parameters = server.requests[0].parameters
    assert parameters == {
        "temperature": 0.2,
        "top_k": 40,
        "repeat_penalty": 1.1,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_lone_surrogates_are_sent_as_replacement_characters():
    """A prompt with half a character pair, as PDFs give them, is sent with U+FFFD in its place."""
    with FakeEndpoint() as server:
        answer_of(server, request("half \ud83d and whole \U0001f600"))

    assert server.requests[0].prompt == "half \ufffd and whole \U0001f600"


def test_tokens_are_counted_here_when_the_endpoint_gives_no_usage():
    """Without usage figures the tokens are counted by us."""
    with FakeEndpoint(answer=lambda seen: "one two three", fault=lambda seen: "no usage") as server:
        answer = answer_of(server)

    assert (answer.input_tokens, answer.output_tokens) == (6, 3)


def test_an_answer_cut_at_its_longest_length_is_an_answer():
    """A finish reason of "length" is kept and is no error."""
    with FakeEndpoint(fault=lambda seen: "length") as server:
        answer = answer_of(server)

    assert answer.text == "This will not "
    assert answer.finish_reason == "length"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429", "rate limit"),
        ("500", "server"),
        ("cut", "cut"),
        ("no end", "cut"),
        ("error event", "server"),
        ("html", "malformed"),
        ("broken event", "malformed"),
        ("half an event", "cut"),
        ("no choices", "malformed"),
        ("empty choices", "malformed"),
        ("odd shapes", "malformed"),
    ],
)
def test_a_failure_that_may_pass_says_so(fault, kind):
    """A call is made once here; whoever asked is told that the same call may succeed when made again."""
    with FakeEndpoint(fault=lambda seen: fault) as server:
        failure = failure_of(server)

    assert (failure.kind, failure.retryable, len(server.requests)) == (kind, True, 1)
    assert failure.hint


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("401", "refused", "refused the call (401)"),
        ("403", "refused", "may not call the model"),
        ("404", "refused", "The model does not exist"),
        ("307", "refused", "redirects are not followed"),
        ("429 quota", "refused", "you exceeded your quota"),
        ("quota event", "refused", "no more"),
        ("content filter", "refused", "content filter"),
        ("content filter 400", "refused", "The prompt was filtered"),
        ("context", "context", "need 2705 tokens; the model takes at most 2048"),
    ],
)
def test_a_call_that_cannot_succeed_says_what_to_do(fault, kind, said):
    """Failures that only a person can mend are told as such, with a hint."""
    with FakeEndpoint(fault=lambda seen: fault) as server:
        failure = failure_of(server)

    assert (failure.kind, failure.retryable, len(server.requests)) == (kind, False, 1)
    assert said in failure.message
    assert failure.hint


def test_a_redirect_is_not_followed():
    """A redirect takes the prompt nowhere: the address it names is never asked."""
    with FakeEndpoint() as elsewhere:
        redirect = Reply(status=307, headers={"Location": f"{elsewhere.url}/chat/completions"})
        with FakeEndpoint(fault=lambda seen: redirect) as server:
            failure_of(server)

    assert elsewhere.requests == []


def test_the_endpoint_says_how_long_to_wait():
    """Retry-After is in the failure."""
    with FakeEndpoint(fault=lambda seen: "429 wait") as server:
        failure = failure_of(server)

    assert failure.retry_after == 0.05


@pytest.mark.parametrize("status", [200, 429])
def test_what_the_endpoint_says_of_its_limit_is_told(status):
    """Rate-limit headers are told beside an answer and beside a refusal."""
    said = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}
    choice = {"message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}
    reply = json_reply(status, {"choices": [choice]}, **said)
    heard = Heard()

    with FakeEndpoint(fault=lambda seen: reply) as server, contextlib.suppress(ModelError):
        answer_of(server, heard=heard)

    assert heard.quotas == [Quota(0, 120.0)]


def test_the_key_is_in_no_error():
    """An endpoint that echoes the key into its error gets it into no message, cause, context or traceback of ours."""
    with FakeEndpoint(fault=lambda seen: "401") as server:
        failure = failure_of(server)

    assert "[redacted]" in failure.message
    assert KEY not in "".join(traceback.format_exception(failure))
    assert failure.__cause__ is None
    assert failure.__context__ is None


@pytest.mark.parametrize("fault", ["hang", "hang in the middle"])
def test_a_silent_endpoint_is_given_up(fault):
    """An endpoint that says nothing for the time limit is a timeout, which names the limit."""
    with FakeEndpoint(fault=lambda seen: fault) as server:
        failure = failure_of(server, silence_seconds=0.1)

        assert server.wait_until(lambda: server.aborted == 1)
    assert failure.kind == "timeout"
    assert "0.1 s" in failure.message


def test_an_address_where_nobody_listens_is_unreachable():
    """Without a listener the call ends as unreachable and says what to check."""
    with FakeEndpoint() as server:
        pass

    failure = failure_of(server)

    assert failure.kind == "unreachable"
    assert "OPENAI_BASE_URL" in failure.hint


@pytest.mark.parametrize("fault", ["hang", "hang in the middle"])
def test_cancelling_a_call_closes_its_connection(fault):
    """A cancelled task ends as cancelled, and the endpoint sees the client leave."""

    async def cancelled(server):
        task = asyncio.create_task(ask(server, request(), Heard()))
        await asyncio.to_thread(server.wait_until, lambda: bool(server.requests))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return task.cancelled()

    with FakeEndpoint(fault=lambda seen: fault) as server:
        was_cancelled = asyncio.run(cancelled(server))

        assert server.wait_until(lambda: server.aborted == 1)
    assert was_cancelled


def test_a_connection_serves_many_calls():
    """A connection is used again after an answer, not opened anew."""

    async def two_calls(server):
        endpoint = OpenAIEndpoint(server.url, KEY)
        for prompt in ("first", "second"):
            await endpoint.ask(request(prompt), lambda piece: None, lambda quota: None)
        await endpoint.close()

    with FakeEndpoint() as server:
        asyncio.run(two_calls(server))

    assert len(server.requests) == 2
    assert server.connections == 1


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch):
    """A proxy set in the environment doesn't stand between us and an endpoint on loopback."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with FakeEndpoint() as server:
        answer = answer_of(server)

    assert answer.text


def test_an_answer_that_is_not_streamed_is_read_too():
    """An endpoint that ignores "stream" and sends one JSON body gives an answer all the same."""
    choice = {"message": {"role": "assistant", "content": "all at once"}, "finish_reason": "stop"}
    heard = Heard()

    with FakeEndpoint(fault=lambda seen: json_reply(200, {"choices": [choice]})) as server:
        answer = answer_of(server, heard=heard)

    assert answer.text == "all at once"
    assert heard.pieces == ["all at once"]
    assert answer.output_tokens == 3


IS_CHEAP = """
import sys, time
from workbench.models.catalog import choice_named, endpoint_for
env = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "k"}
endpoint = endpoint_for(choice_named("some-model", env), env)
print(endpoint.origin, endpoint.in_flight, "openai" in sys.modules, "httpx2" in sys.modules)
"""


def test_an_endpoint_is_cheap_until_it_is_asked():
    """Its origin and its limit are known without loading the client's package."""
    done = subprocess.run([sys.executable, "-c", IS_CHEAP], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["http://127.0.0.1:9/v1", "64", "False", "False"]


LOOP_GOES_ON = """
import asyncio, sys, time
from workbench.models.openai_endpoint import OpenAIEndpoint

async def main():
    longest, loading = 0.0, asyncio.ensure_future(OpenAIEndpoint("http://127.0.0.1:9/v1").ready())
    while not loading.done():
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - begun)
    print(longest, "openai" in sys.modules)

begun = time.perf_counter()
asyncio.run(main())
print(time.perf_counter() - begun)
"""


def test_loading_the_client_does_not_hold_up_the_loop():
    """While the client's package is loaded, the event loop goes on: it is never away for half of that time."""
    done = subprocess.run([sys.executable, "-c", LOOP_GOES_ON], cwd=ROOT, capture_output=True, text=True, check=True)

    longest, loaded, seconds = done.stdout.split()
    assert loaded == "True"
    assert float(longest) < float(seconds) / 2
