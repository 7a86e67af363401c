import asyncio
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ModelError
from workbench.models.answer_stream import ErrorEvent, read_answer
from workbench.models.events import MAX_BYTES, EventReader


def event(**body):
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def delta(text, finish_reason=None):
    return event(choices=[{"delta": {"content": text}, "finish_reason": finish_reason}])


def read(chunks, content_type="text/event-stream"):
    async def sent():
        for chunk in chunks:
            yield chunk

    told = []
    answer = asyncio.run(read_answer(sent(), content_type, told.append))
    return answer, told


@given(st.lists(st.integers(0, 200), max_size=8))
def test_it_does_not_matter_where_the_bytes_are_split(places):
    """However the network cuts the stream, even inside a character, the answer is the same."""
    stream = delta("Gr\u00fc\u00dfe, \u4e16\u754c ") + b": a comment\r\n" + delta("!", "stop") + b"data: [DONE]\r\n\r\n"
    cuts = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]

    answer, told = read(stream[start:end] for start, end in itertools.pairwise(cuts))

    assert "".join(told) == "".join(answer.texts) == "Gr\u00fc\u00dfe, \u4e16\u754c !"


@given(st.lists(st.binary(max_size=60) | st.just(b"\ndata: ") | st.just(b'{"choices": [{'), max_size=8))
def test_junk_is_refused_with_an_error_of_ours(chunks):
    """Whatever bytes an endpoint sends, the outcome is an answer or one of the two errors that are promised."""
    try:
        answer, _ = read(chunks)
    except (ModelError, ErrorEvent):
        return

    assert answer.finish_reason


odd = st.sampled_from([None, 7, -1.5, True, "x", [], {}, [1], [[]]])
odd_delta = odd | st.fixed_dictionaries({}, optional={"content": odd})
odd_choice = odd | st.fixed_dictionaries(
    {}, optional={"delta": odd_delta, "message": odd_delta, "finish_reason": odd | st.just("content_filter")}
)
odd_usage = odd | st.fixed_dictionaries({"prompt_tokens": odd, "completion_tokens": odd})
odd_event = st.fixed_dictionaries(
    {}, optional={"choices": odd | st.lists(odd_choice, max_size=2), "usage": odd_usage, "error": odd}
)


@given(st.lists(odd_event, max_size=4))
def test_events_of_any_shape_are_survived(bodies):
    """Events with the right names and the wrong types end in an answer or one of the two errors that are promised."""
    try:
        answer, _ = read([*(event(**body) for body in bodies), b"data: [DONE]\n\n"])
    except (ModelError, ErrorEvent):
        return

    assert all(isinstance(text, str) for text in answer.texts)


def test_an_answer_closed_as_agreed_needs_no_finish_reason():
    """[DONE] ends an answer properly, even when no finish reason was given."""
    answer, _ = read([delta("fine"), b"data: [DONE]\n\n"])

    assert answer.texts == ["fine"]


def test_lone_surrogates_of_an_answer_are_replaced():
    """Half a character pair in an answer becomes U+FFFD, as a browser can't be sent it."""
    answer, told = read([b'data: {"choices": [{"delta": {"content": "a\\ud83d"}, "finish_reason": "stop"}]}\n\n'])

    assert told == answer.texts == ["a\ufffd"]


def test_an_endless_reply_is_refused():
    """A reply over the limit is refused while it is read."""
    reader = EventReader("text/event-stream")

    with pytest.raises(ModelError, match=str(MAX_BYTES)):
        for _ in range(70):
            reader.feed(b"x" * 1_000_000)
