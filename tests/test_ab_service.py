"""The service example under an A/B test: the split under load, what answers carry, outcomes, and the log."""

import json
import logging
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from dataflows.ab import LiveTests, arm_of, killed
from dataflows.prompt_store import PromptStore
from examples.service.ab_way import Split, split_of
from examples.service.app import create_app
from examples.service.openai_model import Connection
from examples.service.prompt_ways import by_module
from examples.service.settings import Settings, read_settings
from tests.ab_makers import LOG, NAME, running_test
from tests.conftest import until
from tests.endpoint import FakeEndpoint
from tests.pdfs import text_pdf
from workbench.ab.figures import read_figures
from workbench.ab.verdict import verdict_of

pytest_plugins = ["tests.ab_fixtures"]

PDF = text_pdf(["Gardens have roses."])
VERSIONS = {"control": "v1", "candidate": "v3"}


@pytest.fixture
def split(tmp_path):
    """Of a service whose tests are in the file; what it knows is old after a second."""
    tests = LiveTests(tmp_path / "runs.db", max_age_seconds=1.0)
    yield Split(tests, NAME, PromptStore(tmp_path / "prompts.db"), by_module("v2"))
    tests.flush(5)


@pytest.fixture
def client(split, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-" + "k" * 24)
    with FakeEndpoint() as endpoint:
        app = create_app(lambda: split.fallback, Connection(endpoint.url, "fake"), split)
        with TestClient(app) as made:
            made.endpoint = endpoint
            yield made


def test_under_load_each_user_gets_the_prompts_of_one_arm(file_tests, split):
    """Eight threads with 2,000 requests of 500 users: the split is that of the weights, and it is what was logged."""
    test = running_test(file_tests)
    users = [f"user {number}" for number in range(500)]

    def ask(number):
        user = users[number % len(users)]
        choice = split.choose(user, f"request {number}")
        split.tests.outcome(NAME, user, "helpful", choice.arm == "candidate")
        return user, choice.arm, choice.version

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(2_000)))
    assert split.tests.flush(10)

    arms = defaultdict(set)
    for user, arm, version in answers:
        arms[user].add((arm, version))
    wanted = {user: arm_of(NAME, test.weights, user) for user in users}
    assert arms == {user: {(arm, VERSIONS[arm])} for user, arm in wanted.items()}
    counted = Counter(arm for _, arm, _ in answers)
    assert abs(counted["candidate"] / 2_000 - 0.5) < 0.07
    figures = read_figures(file_tests, test)
    assert figures.exposed == {arm: count // 4 for arm, count in counted.items()}
    assert verdict_of(test, figures).said == "Stop: candidate is better than control."


def test_an_answer_carries_the_prompts_of_its_arm_and_says_which(file_tests, client, caplog):
    """Over HTTP: what the model is asked, what the client is told and what is logged are of the user's arm."""
    caplog.set_level(logging.INFO, "examples.service")
    running_test(file_tests)
    users = ["ada", "grace", "alan", "edsger", "barbara", "donald"]

    with ThreadPoolExecutor(3) as threads:
        replies = list(
            threads.map(lambda user: client.post("/summaries", content=PDF, headers={"X-User-ID": user}), users)
        )

    told = [reply.json()["prompts"] for reply in replies]
    wanted = [arm_of(NAME, {"control": 50.0, "candidate": 50.0}, user) for user in users]
    assert set(wanted) == {"control", "candidate"}
    assert [(own["test"], own["arm"], own["version"]) for own in told] == [(NAME, arm, VERSIONS[arm]) for arm in wanted]
    asked = [request.prompt.startswith("Summarize this text. Extract") for request in client.endpoint.requests]
    assert sum(asked) == wanted.count("control")
    lines = [json.loads(record.message) for record in caplog.records if record.name == "examples.service"]
    assert Counter(own["prompts"]["arm"] for own in lines) == Counter(wanted)
    assert "ada" not in caplog.text


def test_a_killed_test_sends_everybody_to_the_control_arm(file_tests, split):
    """Within the age of what the service knows, here a second, and without a restart."""
    begun = running_test(file_tests)
    before = {split.choose(f"u{number}", "r").arm for number in range(20)}
    file_tests.add(killed(begun, **LOG))

    assert before == {"control", "candidate"}
    assert until(lambda: {split.choose(f"u{number}", "r").version for number in range(20)} == {"v1"})


def test_without_a_known_test_the_service_answers_with_its_own_prompts(split):
    """Whether the database is empty or away: nobody is split."""
    choice = split.choose("ada", "r")

    assert (choice.version, choice.test, choice.arm) == ("v2", NAME, "")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"name": "helpful", "value": 1}', {"X-User-ID": "ada"}, 202),
        ('{"name": "helpful", "value": true}', {"X-Request-ID": "r1"}, 202),
        ('{"name": "helpful", "value": 1}', {}, 400),
        ('{"name": "helpful", "value": 2}', {"X-User-ID": "ada"}, 400),
        ('{"name": "a b", "value": 1}', {"X-User-ID": "ada"}, 400),
        ('{"name": ["x"], "value": 1}', {"X-User-ID": "ada"}, 400),
        ('{"name": "helpful", "value": NaN}', {"X-User-ID": "ada"}, 400),
        ("[" * 900, {"X-User-ID": "ada"}, 400),
        ("x" * 1_001, {"X-User-ID": "ada"}, 400),
        ("null", {"X-User-ID": "ada"}, 400),
    ],
)
def test_outcomes_are_taken_by_one_call(client, body, headers, status):
    """With the user's or the request's id; what makes no sense is refused in a sentence."""
    reply = client.post("/outcomes", content=body, headers=headers)

    assert reply.status_code == status
    assert reply.json() == {"status": "taken"} if status == 202 else "send" in reply.json()["error"]


def test_settings_name_the_test(monkeypatch, tmp_path):
    """PROMPTS=ab needs AB_TEST and AB_DATABASE, and says so when the service starts."""
    settings = read_settings({"PROMPTS": "ab", "AB_TEST": NAME})
    monkeypatch.delenv("AB_DATABASE", raising=False)

    with pytest.raises(ValueError, match="AB_TEST is empty"):
        read_settings({"PROMPTS": "ab"})
    with pytest.raises(ValueError, match="AB_DATABASE is empty"):
        split_of(settings)
    monkeypatch.setenv("AB_DATABASE", "mysql://nowhere")
    with pytest.raises(ValueError, match="begins with 'mysql'"):
        split_of(settings)
    monkeypatch.setenv("AB_DATABASE", str(tmp_path / "runs.db"))
    assert split_of(settings).test == NAME
    assert split_of(Settings()) is None
