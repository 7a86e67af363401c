import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflows.json_answers import LONGEST_ANSWER, MOST_OBJECTS, Reading, read_answer
from tests.hostile import any_text

NAMES = ["number", "start_date", "parties"]
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**52), 2**52) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(st.sampled_from(NAMES) | words, plain_values, max_size=4)
prose = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=30)


@given(records, prose, prose, st.sampled_from([None, 2]), st.booleans())
def test_a_record_is_read_whatever_stands_around_it(record, before, after, indent, fenced):
    """An object comes back as it was written, alone, fenced, or between prose without braces."""
    text = json.dumps(record, indent=indent, ensure_ascii=False)

    reading = read_answer(f"{before}```json\n{text}\n```{after}" if fenced else f"{before}{text}{after}", NAMES)

    assert reading == Reading(record)


@given(any_text() | st.text('{}[]":,\\ntruefals0123eE+-.N\n', max_size=80))
def test_whatever_the_answer_it_is_read_or_said_why_not(answer):
    """No answer raises; one without values has a reason, and what was read is JSON that can be written as UTF-8."""
    reading = read_answer(answer, NAMES)

    assert reading.values is not None or len(reading.problems) == 1
    json.dumps(reading.values, ensure_ascii=False, allow_nan=False).encode("utf-8")


@given(records, st.data())
def test_an_answer_that_was_cut_off_is_no_record(record, data):
    """Where an object was begun and not ended, none of its inner objects passes for it."""
    text = json.dumps({"parties": record, "number": "1"})
    end = data.draw(st.integers(1, len(text) - 1))

    assert read_answer(text[:end], NAMES).values is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "it has no JSON object"),
        ("I can't find any of it.", "it has no JSON object"),
        ("[1, 2]", "it has no JSON object"),
        ('{"number": NaN}', "NaN is no number of JSON"),
        ('{"number": -Infinity}', "-Infinity is no number of JSON"),
        ('{"number": 1e999}', "the number 1e999 is too large"),
        (f'{{"number": 1{"0" * 5000}}}', "a number has too many digits"),
        (f'{{"number": {"[" * 30}1{"]" * 30}}}', "it is nested deeper than 20 levels"),
        (f'{{"number": {"[" * 9000}1{"]" * 9000}}}', "it is nested deeper than 20 levels"),
        ('{"number": 1, "parties": [{"number": 2}', "it ends inside of an object"),
        ("{'number': 1}", "property name"),
        ('{"number": "' + "x" * LONGEST_ANSWER + '"}', "the limit is 200,000"),
    ],
)
def test_what_json_does_not_know_is_refused_with_a_reason(answer, reason):
    """Nothing is guessed: the one problem says what is wrong."""
    reading = read_answer(answer, NAMES)

    assert reading.values is None
    assert reason in reading.problems[0]


def test_a_name_that_stands_twice_is_said():
    """The first value counts; a second one that is the same is no problem."""
    assert read_answer('{"number": 1, "number": 1.0}', NAMES) == Reading({"number": 1})
    assert read_answer('{"number": 1, "number": 2}', NAMES) == Reading(
        {"number": 1}, ("it names number twice; the first value is read",)
    )


def test_of_several_objects_the_one_with_most_of_the_fields_is_read():
    """An example before the answer does not win over it, and that there were two is said."""
    reading = read_answer('Such as {"name": "value"}. So: {"number": "7", "parties": []}', NAMES)

    assert reading.values == {"number": "7", "parties": []}
    assert reading.problems == ("it has 2 different objects; the one with most of the fields is read",)


def test_lines_are_read_where_there_is_no_object():
    """Names may be written as people do; a value is text unless it is a list or stands in quotes."""
    answer = '1. Start date: 1 March 2031,\n- **Number**: 0042\nparties: ["A", "B"]\nOther: 3\nnumber: 43\n番号：1'

    reading = read_answer(answer, NAMES)

    assert reading.values == {"start_date": "1 March 2031", "number": "0042", "parties": ["A", "B"]}
    assert reading.problems == ("it names number twice; the first value is read",)


def test_invalid_unicode_never_gets_into_a_record():
    """A lone surrogate, escaped or not, is U+FFFD: the record can be written to a file."""
    assert read_answer('{"number": "\\ud800"}', NAMES).values == {"number": "\ufffd"}
    assert read_answer("number: \udfff!", NAMES).values == {"number": "\ufffd!"}


@pytest.mark.parametrize("piece", ['{"', "{}", '{"a":[', "x:", "-", "a\n", "\n", "1. ", '"\\', "[{"])
def test_the_longest_answer_is_read_at_once(piece):
    """Whatever it is made of: the time grows with the length."""
    answer = piece * (LONGEST_ANSWER // len(piece))

    start = time.perf_counter()
    reading = read_answer(answer, NAMES)

    assert time.perf_counter() - start < 1
    assert reading.problems
    assert piece != "{}" or f"more than {MOST_OBJECTS} objects" in reading.problems[0]
