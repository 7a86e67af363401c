import asyncio
import json
import urllib.request

from tests.endpoint import FakeEndpoint
from workbench.errors import ModelError
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.records import CallRequest


def outcomes(server, prompts):
    """Each prompt's text, or the kind of its failure; asked 16 at a time."""

    async def all_of_them():
        endpoint = OpenAIEndpoint(server.url, "k" * 20)
        places = asyncio.Semaphore(16)

        async def one(prompt):
            async with places:
                request = CallRequest("", "a-model", (("user", prompt),))
                try:
                    return (await endpoint.ask(request, lambda piece: None, lambda quota: None)).text
                except ModelError as error:
                    return error.kind

        found = await asyncio.gather(*map(one, prompts))
        await endpoint.close()
        return dict(zip(prompts, found, strict=True))

    return asyncio.run(all_of_them())


def test_answers_and_faults_depend_on_the_request_alone():
    """Two endpoints with the same seed answer and fail alike, in whatever order requests come."""
    prompts = [f"prompt {number}" for number in range(60)]
    odds = {"500": 0.2, "cut": 0.2}

    with FakeEndpoint(odds=odds, seed=3) as first, FakeEndpoint(odds=odds, seed=3) as second:
        found = outcomes(first, prompts), outcomes(second, prompts[::-1])

    assert found[0] == found[1]
    assert {"server", "cut"} < set(found[0].values())
    assert len(set(found[0].values())) > 10


def test_requests_are_recorded_without_the_key():
    """Messages, parameters and headers of each request are kept; the key is not."""
    with FakeEndpoint() as server:
        outcomes(server, ["remember me"])

    [seen] = server.requests
    assert seen.messages == [("user", "remember me")]
    assert seen.parameters["stream"] is True
    assert seen.headers["content-type"] == "application/json"
    assert "k" * 20 not in repr(seen)
    assert not seen.aborted


def test_an_answer_can_be_had_without_streaming():
    """A request without "stream" gets one JSON body with its usage."""
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hello there"}]}).encode()

    with FakeEndpoint(words=3) as server:
        reply = json.load(urllib.request.urlopen(f"{server.url}/chat/completions", body))

    assert reply["choices"][0]["message"]["content"].endswith("hello there")
    assert reply["usage"]["completion_tokens"] == 3
