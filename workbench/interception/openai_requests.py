"""What a client of the openai package sends, and what it gets back in the place of an endpoint's answer.

Source of the formats: OpenAI's API reference, chat completions, as of openai 3.54.
"""

import json
import uuid
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.errors import ModelError, WorkbenchError
from workbench.interception.asked import AskedCall
from workbench.records import Answer

_PATH = "/chat/completions"
_STATUSES = {"rate limit": 429, "refused": 400, "context": 400, "timeout": 504, "unreachable": 503}
"""Kind of a ModelError -> the status with which an endpoint would have said it; 500 for others."""
_CODES = {"rate limit": "rate_limit_exceeded", "context": "context_length_exceeded"}
"""Kind of a ModelError -> the code by which a client's code knows it."""
_MORE_THAN_TEXT = ("tools", "functions", "audio", "logprobs", "prediction", "web_search_options")


def address_of(request: Any) -> str:
    """Where a built HTTP request goes, without what may be secret of it: user info and query."""
    return str(request.url.copy_with(username=None, password=None, query=None))


def asked_call(request: Any) -> AskedCall | None:
    """The call that a built HTTP request makes; None when it is none whose answer is one text.

    Args:
        request: httpx2.Request, or httpx.Request of a client that was given one.
    """
    address = address_of(request)
    if request.method != "POST" or not address.endswith(_PATH):
        return None
    try:
        body = json.loads(request.content)
    except ValueError:
        return None
    if not isinstance(body, dict) or not _asks_for_text(body):
        return None
    how = ("model", "messages", "stream", "stream_options")
    options = body.get("stream_options")
    return AskedCall(
        base_url=address.removesuffix(_PATH),
        model=str(body.get("model", "")),
        messages=body["messages"],
        parameters={name: value for name, value in body.items() if name not in how},
        headers=_headers(request),
        query=dict(request.url.params),
        stream=bool(body.get("stream")),
        stream_usage=isinstance(options, dict) and bool(options.get("include_usage")),
    )


def answered(asked: AskedCall, answer: Answer) -> tuple[int, Mapping[str, str], bytes]:
    """(status, headers, body) that carry an answer as the client expects it."""
    if asked.stream:
        return 200, {"content-type": "text/event-stream"}, "".join(_events(asked, answer)).encode()
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": answer.finish_reason or "stop", "logprobs": None}
    said = _said(asked, answer, "chat.completion", [choice])
    return 200, {"content-type": "application/json"}, _json({**said, "usage": _usage(answer)})


def failed(error: WorkbenchError) -> tuple[int, Mapping[str, str], bytes]:
    """(status, headers, body) of a failure; the client is told not to try again, since that was done."""
    kind = error.kind if isinstance(error, ModelError) else ""
    said = {"error": {"message": error.message, "type": "workbench", "param": None, "code": _CODES.get(kind)}}
    return _STATUSES.get(kind, 500), {"content-type": "application/json", "x-should-retry": "false"}, _json(said)


def _asks_for_text(body: Mapping[str, Any]) -> bool:
    messages = body.get("messages")
    if not isinstance(messages, list) or not all(isinstance(own, dict) for own in messages):
        return False
    if any(body.get(name) for name in _MORE_THAN_TEXT):
        return False
    return body.get("n") in (None, 1) and (body.get("modalities") or ["text"]) == ["text"]


def _headers(request: Any) -> dict[str, str]:
    headers = dict(request.headers)
    if request.url.userinfo:
        # As the HTTP library does it when it sends; the address is shown, so that it can't hold them.
        pair = f"{request.url.username}:{request.url.password}"
        headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return headers


def _events(asked: AskedCall, answer: Answer) -> Iterator[str]:
    start = {"index": 0, "delta": {"role": "assistant", "content": answer.text}, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": answer.finish_reason or "stop"}
    said = _said(asked, answer, "chat.completion.chunk", [])
    chunks = [{**said, "choices": [choice]} for choice in (start, end)]
    if asked.stream_usage:
        chunks = [{**chunk, "usage": None} for chunk in chunks] + [{**said, "usage": _usage(answer)}]
    for chunk in chunks:
        yield f"data: {_json(chunk).decode()}\n\n"
    yield "data: [DONE]\n\n"


def _said(asked: AskedCall, answer: Answer, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    beside = {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(answer.made_at)}
    return {**beside, "model": asked.model, "choices": choices}


def _usage(answer: Answer) -> dict[str, int]:
    sent, written = answer.input_tokens, answer.output_tokens
    return {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}


def _json(value: Any) -> bytes:
    # As ASCII, since a lone surrogate in an answer has no bytes of its own.
    return json.dumps(value).encode("ascii")
