import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflows.redaction import _KEYS
from workbench.models.redaction import MARK, RedactingFilter, redact

KEYS = [
    "sk-" + "a1B2" * 8,
    "sk-proj-" + "x_Y-" * 10,
    "sk-ant-api03-" + "q7" * 20,
    "AIza" + "Sy_-9" * 7,
    "gsk_" + "Ab3" * 12,
    "hf_" + "Zz9" * 12,
    "ghp_" + "k3" * 18,
    "github_pat_" + "w5_" * 20,
    "AKIA" + "ABCD1234" * 2,
    "xoxb-123456789-abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("frame", ["{}", "Incorrect API key provided: {}.", '{{"key": "{}"}}', "before {} after"])
def test_keys_of_known_makers_are_taken_out(key, frame):
    """A key that looks like one goes, wherever it stands; the words around it stay."""
    before, after = frame.format("\0").split("\0")

    cleaned = redact(frame.format(key))

    assert key not in cleaned
    assert cleaned.startswith(before)
    assert cleaned.endswith(after)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("GET http://ann:pw@host/v1", f"GET http://{MARK}@host/v1"),
        ("Authorization: Bearer abcdefgh1234", f"Authorization: Bearer {MARK}"),
        ("'authorization': 'bearer abcdefgh1234='", f"'authorization': 'bearer {MARK}'"),
        ("http://host/v1?api_key=abcdefgh1234&x=1", f"http://host/v1?api_key{MARK}&x=1"),
        ('{"x-api-key": "abcdefgh1234"}', f'{{"x-api-key{MARK}"}}'),
    ],
)
def test_keys_are_known_by_their_place_too(text, cleaned):
    """User info, Authorization headers and api_key fields are taken out, whatever they hold."""
    assert redact(text) == cleaned


@pytest.mark.parametrize(
    "text",
    ["The risk-averse reader", "task-" + "x" * 30, "sk-short", "see https://example.com/a@b", "clearer explanations"],
)
def test_plain_text_stays(text):
    """Words that only resemble keys are left alone."""
    assert redact(text) == text


@given(st.text(), st.text(), st.text(alphabet="abcXYZ019-_.", min_size=8))
def test_a_known_key_goes_whatever_it_looks_like(before, after, key):
    """A key that was given is in no result, also when it is part of other text."""
    assert key not in redact(before + key + after, [key]).replace(MARK, "")


def test_a_short_known_key_is_a_placeholder():
    """ "none" as a key doesn't garble texts."""
    assert redact("none of it", ["none", ""]) == "none of it"


def test_logs_hold_no_key():
    """Arguments, tracebacks and stacks of a log record lose their keys."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RedactingFilter(["a-secret-word"]))
    logger = logging.getLogger("test_logs_hold_no_key")
    logger.propagate = False
    logger.addHandler(handler)

    try:
        raise ValueError(f"refused {KEYS[0]}")
    except ValueError:
        logger.exception("calling with %s", "a-secret-word", stack_info=True)

    assert written.getvalue().startswith(f"calling with {MARK}\n")
    assert f"ValueError: refused {MARK}" in written.getvalue()
    assert "a-secret-word" not in written.getvalue().replace('"a-secret-word"', "")
    assert KEYS[0] not in written.getvalue()


@given(
    st.lists(
        st.sampled_from(
            [
                "sk-" + "a1" * 10,
                "AIza" + "b" * 30,
                "gsk_" + "c" * 20,
                "fw-" + "d" * 20,
                "hf_" + "e" * 20,
                "ghp_" + "f" * 30,
                "github_pat_" + "g" * 30,
                "AKIA" + "A1" * 8,
                "xoxb-" + "h" * 10,
                "eyJhbGciOiJI.eyJzdWI.c2lnbmF0dXJl",
                "-----BEGIN PRIVATE KEY-----x",
                "https://user:word@host/",
                "Bearer abcdefg12",
                "API_KEY=abcdefgh",
                "x-api-key: 12345678",
                "the high road_",
                "key points",
                "rapid",
                "a://b",
                " ",
                "\n",
                "é",
            ]
        )
    ).map("".join)
)
def test_the_quick_look_hides_no_key(text):
    """Whatever the pattern would take out is taken out."""
    assert redact(text) == _KEYS.sub(MARK, text)
