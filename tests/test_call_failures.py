import httpx2
import openai
import pytest

from workbench.models.call_failures import FailureTeller

TELLER = FailureTeller("The endpoint http://there", ["a-secret-word"], 10.0, 60.0)


def status_error(status, body):
    reply = httpx2.Response(status, request=httpx2.Request("POST", "http://there"))
    return openai.APIStatusError("said", response=reply, body=body)


@pytest.mark.parametrize(
    ("message", "figures"),
    [
        (
            "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
            ("130001", "128000"),
        ),
        (
            "This model's maximum context length is 2048 tokens. However, you requested 2705 tokens (2605 in the "
            "messages, 100 in the completion).",
            ("2705", "2048"),
        ),
        ("the request exceeds the available context size", ("longer than the model takes",)),
    ],
)
def test_a_prompt_too_long_is_told_with_its_figures(message, figures):
    """The endpoint's figures, where it gives them, are in the message, and the hint says what to change."""
    failure = TELLER.of(status_error(400, {"message": message, "code": None}))

    assert failure.kind == "context"
    assert not failure.retryable
    assert all(figure in failure.message for figure in figures)
    assert "chunks" in failure.hint


def test_another_bad_request_is_no_context_error():
    """A 400 about something else is told as a refusal in the endpoint's words."""
    failure = TELLER.of(status_error(400, {"message": "Unsupported parameter: 'temperature'", "code": "unsupported"}))

    assert failure.kind == "refused"
    assert "Unsupported parameter: 'temperature'" in failure.message


@pytest.mark.parametrize("body", [None, "", "<html>busy</html>", [1], {"error": "flat"}, {"message": {"a": 1}}, 7])
def test_an_error_body_of_any_shape_is_told(body):
    """Whatever an endpoint puts in the body of a 503, it stays a server failure that may pass."""
    failure = TELLER.of(status_error(503, body))

    assert failure.kind == "server"
    assert failure.retryable
    assert failure.message.startswith("The endpoint http://there failed (503)")


def test_what_the_endpoint_says_is_kept_short_and_clean():
    """A long message with line breaks, control characters and a secret is quoted short, on one line, without it."""
    failure = TELLER.of(status_error(500, {"message": "x" * 190 + " a-secret-word\n\x1b[31mred" + "y" * 5000}))

    assert len(failure.message) < 300
    assert failure.message.isprintable()
    assert "a-secret" not in failure.message


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectTimeout("slow"), "unreachable"),
        (httpx2.ConnectError("refused"), "unreachable"),
        (httpx2.ReadTimeout("slow"), "timeout"),
        (httpx2.ReadError("gone"), "cut"),
        (httpx2.RemoteProtocolError("gone"), "cut"),
        (httpx2.DecodingError("bad gzip"), "malformed"),
    ],
)
def test_trouble_with_the_connection_may_pass(error, kind):
    """Each kind of connection trouble has its kind and is worth another attempt."""
    failure = TELLER.of(error)

    assert (failure.kind, failure.retryable) == (kind, True)
