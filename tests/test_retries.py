from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from workbench.models.retries import Quota, asked_wait, backoff_seconds, quota_in


def test_waits_double_up_to_twenty_seconds():
    """Each wait is between half and the whole of its step; steps double from 0.5 s and end at 20 s."""
    steps = [0.5, 1, 2, 4, 8, 16, 20, 20]

    waits = [backoff_seconds(attempt) for attempt in range(1, 9)]

    assert all(step / 2 <= wait <= step for step, wait in zip(steps, waits, strict=True))


def test_waits_are_not_all_the_same():
    """Calls that failed together come back at different times."""
    waits = {backoff_seconds(3) for _ in range(20)}

    assert len(waits) > 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "3600"}, 120.0),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, 120.0),
        ({"retry-after": ""}, None),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "1"}, 1.0),
    ],
)
def test_the_wait_an_endpoint_asks_for_is_bounded(headers, seconds):
    """Seconds are taken from 0 to 120; nonsense counts as nothing said."""
    assert asked_wait(headers) == seconds


def test_a_date_is_a_wait_until_then():
    """Retry-After as an HTTP date gives the seconds from now until then."""
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    header = format_datetime(now + timedelta(seconds=30), usegmt=True)

    assert asked_wait({"retry-after": header}, now.timestamp()) == 30.0


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("1s", 1.0),
        ("20ms", 0.02),
        ("6m0s", 120.0),
        ("1m1.5s", 61.5),
        ("8h0m0s", 120.0),
        ("0s", 0.0),
        ("7.66s", 7.66),
    ],
)
def test_the_reset_of_a_quota_is_read_as_openai_writes_it(reset, seconds):
    """Durations such as "6m0s" and "20ms" are seconds, 120 at most."""
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}

    assert quota_in(headers) == Quota(0, pytest.approx(seconds))


@pytest.mark.parametrize(
    ("remaining", "reset"),
    [(None, "1s"), ("0", None), ("-1", "1s"), ("no", "1s"), ("²", "1s"), ("0", "soon"), ("0", "1s" * 30), ("0", "5")],
)
def test_a_quota_that_makes_no_sense_is_none(remaining, reset):
    """Headers that are missing or not of the known form say nothing."""
    headers = {"x-ratelimit-remaining-requests": remaining, "x-ratelimit-reset-requests": reset}

    assert quota_in({name: value for name, value in headers.items() if value is not None}) is None
