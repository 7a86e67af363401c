import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from workbench.errors import UsageError
from workbench.models.catalog import call_request, choice_named, choices, default_choice, display_name, endpoint_for
from workbench.records import ModelChoice

KEYED = {"OPENAI_API_KEY": "k" * 20}
ELSEWHERE = {"OPENAI_BASE_URL": "http://ann:pass-word@127.0.0.1:8000/v1?code=abc"}


def test_without_a_key_the_local_model_answers():
    """An empty environment leaves the local model, and empty variables count as not set."""
    empty = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": " ", "WORKBENCH_MODEL": "gpt-5"}

    assert [display_name(choice) for choice in choices({})] == ["SmolLM2-135M (local)"]
    assert choices(empty) == choices({})


@pytest.mark.parametrize("env", [KEYED, ELSEWHERE])
def test_a_key_or_an_address_brings_in_the_remote_model(env):
    """With either of them the remote model is first and the local one stays a choice."""
    assert [display_name(choice) for choice in choices(env)] == ["gpt-4.1-mini", "SmolLM2-135M (local)"]
    assert default_choice(env).endpoint == "remote"


def test_models_are_named_by_the_environment():
    """WORKBENCH_MODEL lists models in their order, each once; "local" among them is the local one."""
    env = KEYED | {"WORKBENCH_MODEL": " gpt-5, local ,gpt-5,, o4-mini"}

    assert [choice.name for choice in choices(env)] == ["gpt-5", "smollm2-135m-instruct", "o4-mini"]


@pytest.mark.parametrize("name", ["local", "Local", "smollm2-135m-instruct", "SmolLM2-135M (local)"])
def test_the_local_model_goes_by_its_names(name):
    """Each of its names means the local model, with a key or without."""
    assert choice_named(name, {}) == choice_named(name, KEYED) == default_choice({})


@pytest.mark.parametrize(("name", "env"), [("gpt-5", {}), ("  ", KEYED)])
def test_a_model_that_nobody_answers_for_is_refused(name, env):
    """A remote name without an endpoint, or no name at all, is an error that says what to set."""
    with pytest.raises(UsageError) as raised:
        choice_named(name, env)

    assert raised.value.hint


@pytest.mark.parametrize(
    ("env", "longest"),
    [
        (KEYED, "max_completion_tokens"),
        (KEYED | {"OPENAI_BASE_URL": "https://api.openai.com/v1/"}, None),
        (KEYED | ELSEWHERE, "max_tokens"),
    ],
)
def test_the_longest_answer_has_the_name_the_endpoint_knows(env, longest):
    """OpenAI is told max_completion_tokens, other endpoints max_tokens."""
    request = call_request(ModelChoice("m", "remote"), "Hello", 50, env=env)

    assert request.parameters == {longest or "max_completion_tokens": 50}


def test_a_remote_model_is_told_only_what_was_set():
    """Nothing set, nothing sent: the prompt is the only message, and there are no parameters."""
    request = call_request(ModelChoice("m", "remote"), "Hello", env=KEYED | ELSEWHERE)

    assert request.messages == (("user", "Hello"),)
    assert request.parameters == {}
    assert request.origin == "http://127.0.0.1:8000/v1"


def test_the_local_model_is_told_its_own_settings():
    """The local model gets a system text, its sampling and a bound on the answer."""
    request = call_request(default_choice({}), "Hello", env={})

    assert [role for role, _ in request.messages] == ["system", "user"]
    assert request.parameters["max_tokens"] == 300
    assert request.parameters["extra_body"]["dry_multiplier"] > 0
    assert request.origin == "local"


def test_the_local_model_keeps_its_sampling_when_none_is_set():
    """An empty temperature or seed means the local model's own, not the server's."""
    bare = replace(default_choice({}), temperature=None, seed=None)

    assert call_request(bare, "Hello", env={}) == call_request(default_choice({}), "Hello", env={})


def test_repetitions_differ_in_key_and_seed():
    """The next repetition is another call, with the next seed where one is set."""
    choice = ModelChoice("m", "remote", temperature=0.0, seed=7)

    requests = [call_request(choice, "Hello", repetition=number, env=KEYED) for number in (0, 1)]

    assert [request.parameters["seed"] for request in requests] == [7, 8]
    assert requests[0].key() != requests[1].key()
    assert requests[0].parameters["temperature"] == 0.0


def test_a_request_holds_no_secret():
    """Neither the key nor the address's password is in what is kept of a call."""
    env = KEYED | ELSEWHERE

    shown = repr(call_request(default_choice(env), "Hello", env=env))

    assert "pass-word" not in shown
    assert "abc" not in shown
    assert KEYED["OPENAI_API_KEY"] not in shown


def test_each_choice_has_its_endpoint():
    """The endpoint of a choice has the origin its requests have."""
    env = KEYED | ELSEWHERE

    for choice in choices(env):
        endpoint = endpoint_for(choice, env)

        assert endpoint.origin == call_request(choice, "Hello", env=env).origin
        asyncio.run(endpoint.close())


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schl\u00fcssel"])
def test_a_key_that_cannot_be_sent_is_refused_without_showing_it(key):
    """A key with a space or a character outside ASCII is refused, and the message doesn't hold it."""
    with pytest.raises(UsageError) as raised:
        default_choice({"OPENAI_API_KEY": key})

    assert key not in raised.value.message


def test_listing_models_does_not_load_the_client():
    """The openai package, which takes 0.7 s, is not loaded before a call is made."""
    code = "import sys; from workbench.models import catalog; catalog.choices(); sys.exit('openai' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
