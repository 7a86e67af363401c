from datetime import date, datetime

import pytest

from pages.shared.dates import day, days, moment
from pages.shared.reused import reused_words
from workbench.records import Answer, Call, CallRequest, Run

TODAY = date(2026, 11, 14)


def at(*parts):
    return datetime(*parts).timestamp()


def run_of(*answers, reused=True):
    calls = tuple(
        Call("node", index, CallRequest("o", "m", ()), answer, reused=reused) for index, answer in enumerate(answers)
    )
    return Run("v1", "d", "done", calls=calls)


def answer(seconds, cost, made_at):
    return Answer("text", 1, 1, seconds, None, made_at=made_at, cost_usd=cost)


def test_reused_answers_keep_the_time_and_cost_of_their_day():
    """Seconds and dollars of when they were made are told with the day, over all runs given."""
    runs = [
        run_of(answer(20.5, 0.002, at(2026, 11, 12, 9)), answer(20.5, 0.001, at(2026, 11, 12, 10))),
        run_of(answer(0.4, 0.0001, at(2026, 11, 12, 11))),
    ]

    assert reused_words(runs, TODAY) == "3 reused: 41 s and $0.0031 when they were made, 12 Nov"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], ""),
        ([answer(1.25, 0.0, 0.0)], "1 reused: 1.2 s when it was made"),
        ([answer(1.0, None, at(2026, 11, 14, 8))], "1 reused: 1.0 s when it was made, today"),
        (
            [answer(1.0, 0.01, at(2026, 11, 14, 8)), answer(1.0, 0.01, at(2025, 11, 3, 8))],
            "2 reused: 2.0 s and $0.02 when they were made, 3 Nov 2025 to today",
        ),
    ],
)
def test_what_is_not_known_of_reused_answers_is_left_out(answers, said):
    """No cost where it is free or unknown, no day where none was kept."""
    assert reused_words([run_of(*answers)], TODAY) == said


def test_what_this_run_paid_for_is_not_told_as_reused():
    """Calls this run made are none of those."""
    assert reused_words([run_of(answer(5.0, 0.1, at(2026, 11, 12, 9)), reused=False)], TODAY) == ""


def test_days_are_told_as_a_person_reads_them():
    """Today, another day of this year, one of another year, a span, and a time of day."""
    assert day(at(2026, 11, 14, 23), TODAY) == "today"
    assert day(at(2026, 3, 1, 0), TODAY) == "1 Mar"
    assert day(at(2025, 12, 31, 12), TODAY) == "31 Dec 2025"
    assert days([], TODAY) == ""
    assert days([at(2026, 11, 14, 1), at(2026, 11, 14, 2)], TODAY) == "today"
    assert moment(at(2026, 11, 14, 11, 3), TODAY) == "11:03"
    assert moment(at(2026, 11, 12, 9, 5), TODAY) == "12 Nov, 09:05"
