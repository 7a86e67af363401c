"""Every way in which a dataflow's own client can ask, answered by a handler in the place of the network."""

import asyncio
import json

import httpx2
import openai
import pytest
from pydantic import BaseModel

from tests.call_handlers import ScriptedHandler
from workbench.interception.openai_client import install
from workbench.interception.scope import current

NOWHERE = "http://127.0.0.1:9/v1"
"""Nobody listens there: a request that reached the network would fail."""
HELLO = [{"role": "user", "content": "hello"}]


class Sorted(BaseModel):
    """What a structured answer is parsed to."""

    team: str
    urgent: bool


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Clients are seen, and know of no key and no address of the environment."""
    install()
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def client():
    """A client of nowhere."""
    return openai.OpenAI(base_url=NOWHERE, api_key="sk-of-the-team")


@pytest.fixture(scope="module")
def async_client():
    """The same, to be awaited."""
    return openai.AsyncOpenAI(base_url=NOWHERE, api_key="sk-of-the-team")


def test_a_call_is_answered_by_the_handler(client):
    """What create gives has the handler's text, tokens, model and time; nothing is sent."""
    with current(ScriptedHandler()):
        given = client.chat.completions.create(model="m", messages=HELLO)

    assert given.choices[0].message.content == "Heard: hello"
    assert given.choices[0].finish_reason == "stop"
    assert (given.usage.prompt_tokens, given.usage.completion_tokens, given.usage.total_tokens) == (7, 3, 10)
    assert (given.model, given.created) == ("m", 1_700_000_000)


def test_the_handler_sees_all_that_decides_the_answer(client):
    """Address, model, messages and parameters are as the code gave them; the key is among the headers."""
    handler = ScriptedHandler()

    with current(handler):
        client.chat.completions.create(
            model="m",
            messages=[{"role": "system", "content": "be kind"}, *HELLO],
            temperature=0.5,
            extra_body={"top_k": 7},
            extra_headers={"X-Team": "bikes"},
            extra_query={"trace": "1"},
        )

    (asked,) = handler.asked
    assert (asked.base_url, asked.model, asked.query) == (NOWHERE, "m", {"trace": "1"})
    assert asked.messages == [{"role": "system", "content": "be kind"}, *HELLO]
    assert asked.parameters == {"temperature": 0.5, "top_k": 7}
    assert (asked.headers["authorization"], asked.headers["x-team"]) == ("Bearer sk-of-the-team", "bikes")
    assert not asked.stream


def test_a_stream_is_iterated_as_one_of_the_network(client):
    """Text comes in the deltas, the reason in the last chunk, and every chunk has a choice."""
    with current(ScriptedHandler()):
        chunks = list(client.chat.completions.create(model="m", messages=HELLO, stream=True))

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Heard: hello"
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None, "stop"]
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_ends_with_its_tokens_when_they_were_asked_for(client):
    """Only with include_usage there is a last chunk without choices, as code that didn't ask reads choices[0]."""
    with current(ScriptedHandler()):
        *_, last = client.chat.completions.create(
            model="m", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )

    assert (last.choices, last.usage.total_tokens) == ([], 10)


def test_a_stream_can_be_left_early(client):
    """As a context manager it may be closed before its end."""
    with current(ScriptedHandler()), client.chat.completions.create(model="m", messages=HELLO, stream=True) as stream:
        first = next(iter(stream))

    assert first.choices[0].delta.content == "Heard: hello"


def test_how_an_answer_travels_does_not_change_what_is_asked(client):
    """A stream and a plain call have equal parameters, so that they may share an answer."""
    handler = ScriptedHandler()

    with current(handler):
        client.chat.completions.create(model="m", messages=HELLO, seed=1)
        list(client.chat.completions.create(model="m", messages=HELLO, seed=1, stream=True))

    plain, stream = handler.asked
    assert plain.parameters == stream.parameters == {"seed": 1}
    assert (plain.stream, stream.stream) == (False, True)


@pytest.mark.parametrize("beta", [False, True])
def test_a_structured_answer_is_parsed_by_the_client(client, beta):
    """parse gives an object of the class that was asked for; the schema is among the parameters."""
    handler = ScriptedHandler(lambda _: '{"team": "workshop", "urgent": true}')
    completions = client.beta.chat.completions if beta else client.chat.completions

    with current(handler):
        given = completions.parse(model="m", messages=HELLO, response_format=Sorted)

    assert given.choices[0].message.parsed == Sorted(team="workshop", urgent=True)
    assert handler.asked[0].parameters["response_format"]["type"] == "json_schema"


def test_a_structured_answer_that_was_cut_is_told_by_the_client(client):
    """finish_reason gets through: parse raises what it raises for an answer that reached its length."""
    with current(ScriptedHandler(finish_reason="length")), pytest.raises(openai.LengthFinishReasonError):
        client.chat.completions.parse(model="m", messages=HELLO, response_format=Sorted)


def test_the_streaming_helper_gathers_the_answer(client):
    """stream() gives events, and the whole completion in the end."""
    with (
        current(ScriptedHandler()),
        client.chat.completions.stream(model="m", messages=HELLO) as events,
    ):
        kinds = [event.type for event in events]
        given = events.get_final_completion()

    assert "content.delta" in kinds
    assert given.choices[0].message.content == "Heard: hello"


def test_raw_responses_have_status_headers_and_time(client):
    """with_raw_response gives what an HTTP response has, and parses it."""
    with current(ScriptedHandler()):
        raw = client.chat.completions.with_raw_response.create(model="m", messages=HELLO)

    assert (raw.status_code, raw.headers["content-type"]) == (200, "application/json")
    assert raw.elapsed.total_seconds() == 0.25
    assert json.loads(raw.text)["object"] == "chat.completion"
    assert raw.parse().choices[0].message.content == "Heard: hello"


@pytest.mark.parametrize("stream", [False, True])
def test_streamed_responses_give_their_lines(client, stream):
    """with_streaming_response gives the body line by line, whether it is JSON or events."""
    with (
        current(ScriptedHandler()),
        client.chat.completions.with_streaming_response.create(model="m", messages=HELLO, stream=stream) as response,
    ):
        lines = list(response.iter_lines())

    assert "Heard: hello" in lines[0]
    assert ("data: [DONE]" in lines) is stream


def test_options_of_a_client_reach_the_handler(client):
    """with_options and copy give clients that are seen too, with their own key, headers and address."""
    handler = ScriptedHandler()
    other = client.with_options(api_key="sk-other", base_url="http://127.0.0.1:9/v2", default_headers={"x-own": "1"})

    with current(handler):
        other.with_options(timeout=1, max_retries=0).chat.completions.create(model="m", messages=HELLO)

    (asked,) = handler.asked
    assert asked.base_url == "http://127.0.0.1:9/v2"
    assert (asked.headers["authorization"], asked.headers["x-own"]) == ("Bearer sk-other", "1")


def test_a_key_that_is_made_for_each_call_reaches_the_handler():
    """A function given as the key is called by the client, as it always is."""
    handler = ScriptedHandler()
    client = openai.OpenAI(base_url=NOWHERE, api_key=lambda: "fresh")

    with current(handler):
        client.chat.completions.create(model="m", messages=HELLO)

    assert handler.asked[0].headers["authorization"] == "Bearer fresh"


def test_the_client_of_the_package_itself_is_seen(monkeypatch):
    """openai.chat.completions.create, which has no client in the code, is answered too."""
    handler = ScriptedHandler()
    monkeypatch.setattr(openai, "api_key", "sk-package")
    monkeypatch.setattr(openai, "base_url", f"{NOWHERE}/")

    with current(handler):
        given = openai.chat.completions.create(model="m", messages=HELLO)

    assert given.choices[0].message.content == "Heard: hello"
    assert handler.asked[0].headers["authorization"] == "Bearer sk-package"


@pytest.mark.parametrize("deployment", [None, "small"])
def test_azure_names_its_deployment_in_the_address(deployment):
    """The base URL holds the deployment, of the client or of the model; the query holds the api-version."""
    handler = ScriptedHandler()
    client = openai.AzureOpenAI(
        azure_endpoint="http://127.0.0.1:9",
        azure_deployment=deployment,
        api_version="2024-10-21",
        api_key="azure-key",
    )

    with current(handler):
        client.chat.completions.create(model="large", messages=HELLO)

    (asked,) = handler.asked
    assert asked.base_url == f"http://127.0.0.1:9/openai/deployments/{deployment or 'large'}"
    assert (asked.query, asked.headers["api-key"]) == ({"api-version": "2024-10-21"}, "azure-key")


def test_an_awaited_client_is_answered(async_client):
    """create, a stream, parse and a streamed response of AsyncOpenAI all get the handler's answer."""
    handler = ScriptedHandler(lambda _: '{"team": "workshop", "urgent": false}')

    async def ask() -> list[str]:
        completions = async_client.chat.completions
        plain = await completions.create(model="m", messages=HELLO)
        stream = await completions.create(model="m", messages=HELLO, stream=True)
        pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
        parsed = await completions.parse(model="m", messages=HELLO, response_format=Sorted)
        asking = completions.with_streaming_response.create(model="m", messages=HELLO)
        async with asking as response:
            body = json.loads(await response.read())
        said = [plain.choices[0].message.content, "".join(pieces)]
        return [*said, parsed.choices[0].message.parsed.model_dump_json(), body["choices"][0]["message"]["content"]]

    with current(handler):
        given = asyncio.run(ask())

    assert [json.loads(text) for text in given] == [{"team": "workshop", "urgent": False}] * 4
    assert len(handler.asked) == 4


def test_azure_is_awaited_too():
    """AsyncAzureOpenAI is seen."""
    handler = ScriptedHandler()
    client = openai.AsyncAzureOpenAI(azure_endpoint="http://127.0.0.1:9", api_version="v", api_key="k")

    with current(handler):
        asyncio.run(client.chat.completions.create(model="m", messages=HELLO))

    assert handler.asked[0].base_url == "http://127.0.0.1:9/openai/deployments/m"


def test_a_client_with_an_http_client_of_its_own_is_seen():
    """Its headers come along."""
    handler = ScriptedHandler()
    client = openai.OpenAI(
        base_url=NOWHERE, api_key="k", http_client=openai.DefaultHttpxClient(headers={"x-gateway": "7"})
    )

    with current(handler):
        client.chat.completions.create(model="m", messages=HELLO)

    assert handler.asked[0].headers["x-gateway"] == "7"


def test_a_password_in_the_address_is_kept_apart():
    """User info becomes the header it would have been sent as; the address, which is shown, is without it."""
    handler = ScriptedHandler()
    client = openai.OpenAI(base_url="http://team:secret@127.0.0.1:9/v1", api_key="k")

    with current(handler):
        client.chat.completions.create(model="m", messages=HELLO)

    (asked,) = handler.asked
    assert asked.base_url == NOWHERE
    request = next(httpx2.BasicAuth("team", "secret").auth_flow(httpx2.Request("GET", NOWHERE)))
    assert asked.headers["authorization"] == request.headers["authorization"]


def test_keys_are_in_no_repr():
    """Neither a header nor a query of a call is shown with it."""
    handler = ScriptedHandler()
    client = openai.OpenAI(
        base_url="http://team:secret-1@127.0.0.1:9/v1",
        api_key="secret-2",
        default_headers={"api-key": "secret-3"},
        default_query={"code": "secret-4"},
    )

    with current(handler):
        client.chat.completions.create(model="m", messages=HELLO)

    assert "secret" in str(handler.asked[0].headers) + str(handler.asked[0].query)
    assert "secret" not in repr(handler.asked)


@pytest.mark.parametrize("text", ["", "two\n\nlines: data: [DONE]", "日本語 🚲", "half a pair \ud83d", "\u2028\x00\r"])
def test_any_text_gets_through_unchanged(client, text):
    """Line ends, marks of the event format, other scripts and broken characters come out as they went in."""
    with current(ScriptedHandler(lambda _: text)):
        plain = client.chat.completions.create(model="m", messages=HELLO)
        chunks = list(client.chat.completions.create(model="m", messages=HELLO, stream=True))

    assert plain.choices[0].message.content == text
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
