"""What goes to the network as it is, what a failed call is to the code that made it, and clients without keys."""

import asyncio
import subprocess
import sys
import threading

import httpx2
import openai
import pytest

from tests.call_handlers import ScriptedHandler, loop_of_another_thread
from tests.endpoint import FakeEndpoint
from workbench import settings
from workbench.errors import CallsFailed, ModelError, NotKeptError, StopError, UsageError
from workbench.interception.openai_client import failure_behind, install, lenient_clients
from workbench.interception.scope import current, outside
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.records import CallRequest

HELLO = [{"role": "user", "content": "hello"}]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Clients are seen, and know of no key and no address of the environment."""
    install()
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server():
    """An endpoint that answers in words of its own."""
    with FakeEndpoint(answer=lambda _: "From the network.") as running:
        yield running


@pytest.fixture(scope="module")
def client(server):
    """A client of that endpoint."""
    with openai.OpenAI(base_url=server.url, api_key="k", max_retries=0) as own:
        yield own


@pytest.fixture(scope="module")
def nowhere():
    """A client that tries five times again; nobody listens at its address."""
    return openai.OpenAI(base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=5)


@pytest.fixture
def sent(server):
    """Bodies that arrived there during the test."""
    before = len(server.requests)
    return lambda: [request.body for request in server.requests[before:]]


def text_of(given):
    """The answer."""
    return given.choices[0].message.content


def test_outside_of_a_run_a_call_goes_to_the_network(client, sent):
    """Before a run, after it, and inside of outside() the endpoint answers; in the run it sees nothing."""
    given = [text_of(client.chat.completions.create(model="m", messages=HELLO))]
    with current(ScriptedHandler()):
        given.append(text_of(client.chat.completions.create(model="m", messages=HELLO)))
        with outside():
            given.append(text_of(client.chat.completions.create(model="m", messages=HELLO)))
    given.append(text_of(client.chat.completions.create(model="m", messages=HELLO)))

    assert given == ["From the network.", "Heard: hello", "From the network.", "From the network."]
    assert len(sent()) == 3


def test_outside_of_a_run_an_awaited_stream_comes_from_the_network(server):
    """So does what AsyncOpenAI streams."""

    async def ask():
        async with openai.AsyncOpenAI(base_url=server.url, api_key="k") as client:
            stream = await client.chat.completions.create(model="m", messages=HELLO, stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    assert asyncio.run(ask()) == "From the network."


@pytest.mark.parametrize(
    "more",
    [
        {"tools": [TOOL]},
        {"functions": [TOOL["function"]]},
        {"n": 2},
        {"logprobs": True},
        {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}},
        {"prediction": {"type": "content", "content": "hello"}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_is_more_than_a_text_passes_by(client, server, sent, more):
    """Such a call goes to the network as it is, and the handler is told where."""
    handler = ScriptedHandler()

    with current(handler):
        given = client.chat.completions.create(model="m", messages=HELLO, **more)

    assert text_of(given) == "From the network."
    assert handler.passed == [f"{server.url}/chat/completions"]
    assert handler.asked == []
    assert [set(more) <= set(body) for body in sent()] == [True]


def test_empty_wishes_for_more_are_no_reason_to_pass(client, sent):
    """n=1, no tools and the text modality ask for one text."""
    handler = ScriptedHandler()

    with current(handler):
        client.chat.completions.create(model="m", messages=HELLO, n=1, tools=[], logprobs=False, modalities=["text"])

    assert (len(handler.asked), handler.passed, sent()) == (1, [], [])


def test_other_resources_pass_by(client, server):
    """Embeddings, responses and lists of models reach the endpoint, which has none of the last two."""
    handler = ScriptedHandler()

    with current(handler):
        client.embeddings.create(model="m", input="hello")
        for ask in (
            lambda: client.responses.create(model="m", input="hello"),
            lambda: client.models.list(),
        ):
            with pytest.raises(openai.NotFoundError):
                ask()

    assert handler.passed == [f"{server.url}/{path}" for path in ("embeddings", "responses", "models")]


def test_an_awaited_call_passes_by_too(server):
    """AsyncOpenAI's call with tools reaches the endpoint, and is told."""
    handler = ScriptedHandler()

    async def ask():
        async with openai.AsyncOpenAI(base_url=server.url, api_key="k") as client:
            return await client.chat.completions.create(model="m", messages=HELLO, tools=[TOOL])

    with current(handler):
        given = asyncio.run(ask())

    assert (text_of(given), len(handler.passed)) == ("From the network.", 1)


def test_a_client_that_signs_what_it_sends_passes_by(server):
    """Nobody else could ask the same, as who asks is only said while the request is sent."""
    handler = ScriptedHandler()
    http_client = openai.DefaultHttpxClient(auth=httpx2.BasicAuth("team", "secret"))

    with current(handler), openai.OpenAI(base_url=server.url, api_key="k", http_client=http_client) as client:
        given = client.chat.completions.create(model="m", messages=HELLO)

    assert (text_of(given), len(handler.passed)) == ("From the network.", 1)


def test_the_address_of_what_passes_holds_no_secrets(server):
    """Neither the password nor the query is told."""
    handler = ScriptedHandler()
    url = server.url.replace("//", "//team:secret@")
    client = openai.OpenAI(base_url=url, api_key="k", default_query={"code": "secret"}, max_retries=0)

    with client, current(handler), pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="m", messages=HELLO, tools=[TOOL])

    assert handler.passed == [f"{server.url}/chat/completions"]


def test_a_handler_that_lets_nothing_pass_ends_the_run(client, sent):
    """No except Exception saves a run whose request may not go to the network, and it doesn't."""

    def refuse(url):
        raise NotKeptError(f"A request to {url} is not kept.")

    with pytest.raises(NotKeptError, match="embeddings is not kept"), current(ScriptedHandler(allows=refuse)):
        try:
            client.embeddings.create(model="m", input="hello")
        except Exception:  # noqa: BLE001 as there is such code
            pytest.fail("it was caught")

    assert sent() == []


@pytest.mark.parametrize(
    ("error", "kind", "status", "code"),
    [
        (ModelError("rate limit", "Too many."), openai.RateLimitError, 429, "rate_limit_exceeded"),
        (ModelError("context", "Too long."), openai.BadRequestError, 400, "context_length_exceeded"),
        (ModelError("refused", "Not you."), openai.BadRequestError, 400, None),
        (ModelError("timeout", "Too slow.", retryable=True), openai.InternalServerError, 504, None),
        (ModelError("unreachable", "Not there."), openai.InternalServerError, 503, None),
        (ModelError("server", "Broken."), openai.InternalServerError, 500, None),
        (UsageError("No such place."), openai.InternalServerError, 500, None),
        (CallsFailed({0: UsageError("Not at all.")}, 1), openai.InternalServerError, 500, None),
    ],
    ids=lambda value: str(value) if isinstance(value, Exception) else None,
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_failure_is_the_error_that_the_code_expects(nowhere, error, kind, status, code, stream):
    """The client raises its own error with our sentence, status and code, and does not try again by itself."""
    handler = ScriptedHandler(lambda _: (_ for _ in ()).throw(error))

    with current(handler), pytest.raises(kind) as raised:
        nowhere.chat.completions.create(model="m", messages=HELLO, stream=stream)

    assert (raised.value.status_code, raised.value.code) == (status, code)
    assert error.message in str(raised.value)
    assert raised.value.response.headers["x-should-retry"] == "false"
    assert len(handler.asked) == 1


def test_an_awaited_failure_is_the_same():
    """AsyncOpenAI raises it too, after one call."""
    handler = ScriptedHandler(lambda _: (_ for _ in ()).throw(ModelError("server", "Broken.")))
    client = openai.AsyncOpenAI(base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=5)

    with current(handler), pytest.raises(openai.InternalServerError, match="Broken"):
        asyncio.run(client.chat.completions.create(model="m", messages=HELLO))

    assert len(handler.asked) == 1


def test_the_code_may_go_on_after_a_failure(nowhere):
    """A failed call is no end of the run: code that has something else to do does it."""

    with current(ScriptedHandler(lambda _: (_ for _ in ()).throw(ModelError("server", "Broken.")))):
        try:
            nowhere.chat.completions.create(model="m", messages=HELLO)
        except openai.APIStatusError:
            result = "went on"

    assert result == "went on"


def test_the_failure_behind_an_error_is_found(nowhere):
    """It is our own error with its hint, also where the code raised another from it; other errors have none."""
    failure = ModelError("server", "Broken.", "Run again later.")

    def summary():
        try:
            nowhere.chat.completions.create(model="m", messages=HELLO)
        except openai.OpenAIError as error:
            raise RuntimeError("no summary") from error

    with current(ScriptedHandler(lambda _: (_ for _ in ()).throw(failure))), pytest.raises(RuntimeError) as raised:
        summary()

    assert failure_behind(raised.value) is failure
    assert failure_behind(raised.value.__cause__) is failure
    assert failure_behind(KeyError("own")) is None


def test_a_network_s_refusal_is_no_failure_of_ours(client):
    """An error that came from the endpoint has nothing of ours behind it."""
    with pytest.raises(openai.NotFoundError) as raised:
        client.models.list()

    assert failure_behind(raised.value) is None


def test_our_own_client_is_never_intercepted(server, nowhere):
    """A handler that asks an endpoint in a loop of another thread, as the call pool does, reaches the network."""
    endpoint = OpenAIEndpoint(server.url)

    def ask(asked):
        request = CallRequest(server.url, asked.model, (("user", asked.messages[0]["content"]),))
        asking = endpoint.ask(request, lambda _: None, lambda _: None)
        return asyncio.run_coroutine_threadsafe(asking, loop).result(10).text

    handler = ScriptedHandler(ask)
    with loop_of_another_thread() as loop:
        with current(handler):
            given = nowhere.chat.completions.create(model="m", messages=HELLO)
        asyncio.run_coroutine_threadsafe(endpoint.close(), loop).result(10)

    assert text_of(given) == "From the network."
    assert (len(handler.asked), handler.passed) == (1, [])


KINDS = [
    (openai.OpenAI, {}),
    (openai.AsyncOpenAI, {}),
    (openai.AzureOpenAI, {"azure_endpoint": "http://127.0.0.1:9", "api_version": "v"}),
    (openai.AsyncAzureOpenAI, {"azure_endpoint": "http://127.0.0.1:9", "api_version": "v"}),
]


@pytest.mark.parametrize(("kind", "given"), KINDS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_client_can_be_made_without_a_key_where_that_is_allowed(kind, given):
    """While modules are loaded, and in a run; elsewhere the package insists on a key, as ever."""
    with lenient_clients():
        made = kind(**given)
    with current(ScriptedHandler()):
        made_in_a_run = kind(**given)
    with pytest.raises(openai.OpenAIError, match="Missing credentials"):
        kind(**given)

    assert made.api_key == made_in_a_run.api_key == "no-key"
    assert made.with_options(timeout=1).api_key == "no-key"


def test_a_key_that_is_there_stays(monkeypatch):
    """Where a key is given or set, allowing none changes nothing."""
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")

    with lenient_clients():
        keys = [openai.OpenAI().api_key, openai.OpenAI(api_key="given").api_key]

    assert keys == ["from-the-environment", "given"]


def test_other_mistakes_of_a_client_are_told():
    """Only a missing key is forgiven."""
    with lenient_clients(), pytest.raises(ValueError, match="azure_endpoint"):
        openai.AzureOpenAI(api_version="v")


def test_a_client_without_a_key_is_answered_in_a_run():
    """A call of a client that was made without a key reaches the handler."""
    with lenient_clients():
        client = openai.OpenAI()

    with current(ScriptedHandler()):
        given = client.chat.completions.create(model="m", messages=HELLO)

    assert text_of(given) == "Heard: hello"


def test_install_twice_changes_nothing_more():
    """The second time, also from another thread, leaves the clients as they are."""
    before = openai.OpenAI._send_request, openai.AsyncOpenAI._send_request, openai.OpenAI.__init__

    threads = [threading.Thread(target=install) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert before == (openai.OpenAI._send_request, openai.AsyncOpenAI._send_request, openai.OpenAI.__init__)


def test_importing_it_loads_no_client():
    """The package is only loaded by install, since that takes half a second."""
    code = (
        "import workbench.interception.openai_client, workbench.interception.nodes, sys; print('openai' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=settings.ROOT, timeout=60)

    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_a_stop_is_not_tried_again_by_the_client(nowhere):
    """A run that ends takes one call, whatever retries the client has."""
    handler = ScriptedHandler(lambda _: (_ for _ in ()).throw(StopError("The run was stopped.")))

    with pytest.raises(StopError), current(handler):
        nowhere.chat.completions.create(model="m", messages=HELLO)

    assert len(handler.asked) == 1
