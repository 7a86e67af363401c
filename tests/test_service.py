"""The service example, asked in this process; its model is our own endpoint."""

import json
import logging

import pytest
from hamilton import driver
from starlette.testclient import TestClient

from dataflows.prompt_store import CachedStore, PromptStore
from examples.service import config_prompts, fill_store
from examples.service.app import MOST_BYTES, create_app
from examples.service.errors import RefusedError
from examples.service.openai_model import MOST_CALLS, Connection
from examples.service.prompt_ways import PROMPTS, by_config, by_module, by_store, chooser
from examples.service.reading import read_pages
from examples.service.settings import Settings, read_settings
from tests.endpoint import FakeEndpoint
from tests.pdfs import slow_pdf, text_pdf
from workbench.prompts.versions import versions_of
from workbench.settings import ROOT

KEY = "sk-" + "k" * 24
PDF = text_pdf(["Gardens have roses.", "Oceans have whales."])


@pytest.fixture(scope="module")
def endpoint():
    with FakeEndpoint() as server:
        yield server


@pytest.fixture
def store(tmp_path):
    """With all merged versions; v1 is in production."""
    fill_store.main(str(tmp_path / "prompts.db"), "v1", "Ada")
    return PromptStore(tmp_path / "prompts.db")


@pytest.fixture
def ask(endpoint, monkeypatch):
    """Sends one request to an app with these prompts; gives the reply and what the model was asked for it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def asked(choose, method="POST", path="/summaries", content=PDF, **more):
        before = len(endpoint.requests)
        with TestClient(create_app(choose, Connection(endpoint.url, "fake"))) as client:
            reply = client.request(method, path, content=content, **more)
        return reply, sorted(request.prompt for request in endpoint.requests[before:])

    yield asked
    endpoint.fault = lambda _: ""


def test_three_ways_ask_the_same_and_say_which_prompts_answered(ask, store):
    """By module, by config and by the store, v1 sends the same bytes, and the reply tells them apart."""
    choices = [by_module("v1"), by_config("v1"), by_store(CachedStore(store), "production")]

    replies = [ask(lambda choice=choice: choice, params={"query": "Why?"}) for choice in choices]

    assert [reply.status_code for reply, _ in replies] == [200] * 3
    assert len({json.dumps(prompts) for _, prompts in replies}) == 1
    told = [reply.json()["prompts"] for reply, _ in replies]
    assert [(own["source"], own["version"]) for own in told] == [("module", "v1"), ("config", "v1"), ("store", "v1")]
    assert {own["sha256"] for own in told} == {store.version("summarization", 1).sha256}
    assert (told[2]["label"], told[2]["stale"]) == ("production", False)
    assert len({reply.json()["summary"] for reply, _ in replies}) == 1
    assert any("User query: Why?" in prompt for prompt in replies[0][1])


def test_a_request_leaves_one_line_that_says_which_prompts_answered(ask, caplog):
    """With its id, the model, calls and seconds; never the document, the question or the key."""
    caplog.set_level(logging.INFO, "examples.service")

    reply, _ = ask(lambda: by_module("v2"), params={"query": "secret question"}, headers={"X-Request-ID": "ticket-7"})

    [record] = [record for record in caplog.records if record.name == "examples.service"]
    line = json.loads(record.message)
    assert line["request_id"] == reply.headers["x-request-id"] == reply.json()["request_id"] == "ticket-7"
    assert line["prompts"] == reply.json()["prompts"]
    assert (line["status"], line["model"], line["calls"]) == (200, "fake", 2)
    assert line["seconds"] > 0
    assert not [word for word in ("Gardens", "secret question", KEY) if word in caplog.text]


@pytest.mark.parametrize(
    ("status", "message", "request_"),
    [
        (400, "the request has no body", {"content": b""}),
        (400, "the query has 2001 characters", {"params": {"query": "x" * 2_001}}),
        (413, "this file has over 10000000 bytes", {"content": b"x" * (MOST_BYTES + 1)}),
        (422, "this file of 8 bytes is damaged or not a PDF", {"content": b"nonsense"}),
        (404, "there is only POST /summaries", {"path": "/"}),
        (405, "there is only POST /summaries", {"method": "GET"}),
    ],
)
def test_a_bad_request_gets_a_sentence(ask, status, message, request_):
    """As JSON, and the model is not asked."""
    reply, prompts = ask(by_module, **request_)

    assert (reply.status_code, prompts) == (status, [])
    assert reply.json()["error"].startswith(message)


@pytest.mark.parametrize("fault", ["401", "no choices", "context"])
def test_a_model_that_fails_is_said_without_its_words(ask, endpoint, fault, caplog):
    """The reply is 502 and repeats neither the key nor what the endpoint said; the line is written all the same."""
    caplog.set_level(logging.INFO, "examples.service")
    endpoint.fault = lambda _: fault

    reply, _ = ask(by_module)

    assert reply.status_code == 502
    assert reply.json()["error"].startswith("the model fake ")
    assert '"status": 502' in caplog.text
    assert KEY not in caplog.text + reply.text


def test_a_version_brings_its_model(ask, endpoint, store):
    """Name, temperature, seed and inputs that a version pins are used, whatever the service's default is."""
    model = {"name": "pinned", "temperature": 0.5, "seed": 7, "inputs": {"max_answer_tokens": 99}}
    texts = store.version("summarization", 1).texts
    number = store.add_version("summarization", texts, reason="pinned", model=model)

    reply, _ = ask(lambda: by_store(store, f"v{number}"))

    assert reply.status_code == 200
    last = endpoint.requests[-1].body
    assert (last["model"], last["temperature"], last["seed"], last["max_tokens"]) == ("pinned", 0.5, 7, 99)


def test_a_document_takes_a_bounded_number_of_calls(endpoint):
    """Too many prompts are refused before one of them is sent."""
    connection = Connection(endpoint.url, "fake")
    before = len(endpoint.requests)

    with pytest.raises(RefusedError, match="takes 201 calls of the model or more; at most 200"):
        connection.model({}).complete(["prompt"] * (MOST_CALLS + 1))
    connection.close()
    assert len(endpoint.requests) == before


def test_a_pdf_that_takes_too_long_is_given_up():
    """Its reader is ended, and the sentence says after how long."""
    with pytest.raises(RefusedError, match=r"could not be read within 0\.7 s"):
        read_pages(slow_pdf([]), seconds=0.7)


def test_a_service_starts_while_the_store_is_away(ask, store, tmp_path, caplog):
    """With a file of last known prompts it answers and says that they are stale; without one it has no prompts."""
    settings = Settings(way="store", store=str(tmp_path / "prompts.db"), last_known=str(tmp_path / "known.json"))
    chooser(settings)()
    (tmp_path / "prompts.db").unlink()

    known, _ = ask(chooser(settings), "GET", "/healthz", b"")
    choose = chooser(Settings(way="store", store=settings.store))
    unknown = [ask(choose, "GET", "/healthz", b"")[0], ask(choose)[0]]

    assert (known.status_code, known.json()["prompts"]["version"], known.json()["prompts"]["stale"]) == (
        200,
        "v1",
        True,
    )
    assert [reply.status_code for reply in unknown] == [503, 503]
    assert {reply.json()["error"] for reply in unknown} == {"the service has no prompts now; try again later"}
    assert f"{settings.store} can't be asked" in caplog.text


def test_config_variants_are_the_merged_versions():
    """Each variant of the example gives what its module gives."""
    labels = sorted({name.rpartition("__")[2] for name in vars(config_prompts) if "_prompt__" in name})

    texts = {
        label: [
            driver.Builder().with_modules(choice.module).with_config(choice.config).build().execute(PROMPTS)
            for choice in (by_config(label), by_module(label))
        ]
        for label in labels
    }

    assert labels[:3] == ["v1", "v2", "v3"]
    assert [label for label, (config, module) in texts.items() if config != module] == []


def test_a_store_is_filled_once(store, tmp_path):
    """Every merged version has its number there and says where it comes from; filling again adds and moves nothing."""
    fill_store.main(str(tmp_path / "prompts.db"), "v1", "Ada")

    versions = store.versions("summarization")
    assert [f"v{version.number}" for version in versions] == list(versions_of("summarization", ROOT))
    assert all(f"prompts_v{own.number}.py, sha256 " in own.source and own.author == "Ada" for own in versions)
    assert len(store.log("summarization")) == 1


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PROMPTS": "guess"}, "PROMPTS is 'guess'; it can be module, config, store"),
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"PORT": "70000"}, "PORT is '70000'"),
        ({"PROMPTS_VERSION": "../x"}, "'../x' is no version"),
        ({"PROMPTS_VERSION": "v99"}, "there is no prompts.summarization.prompts_v99"),
        ({"PROMPTS": "config", "PROMPTS_VERSION": "v99"}, "no variant for version='v99'"),
        ({"PROMPTS": "store", "PROMPTS_STORE": "mysql://x"}, "address is a path"),
    ],
)
def test_an_environment_that_makes_no_sense_is_refused(environment, message):
    """Before the service starts, with a sentence."""
    with pytest.raises(ValueError, match=message):
        chooser(read_settings(environment))
