"""What our misbehaving endpoint sends: good answers and every fault we know, as plain values.

Shapes: OpenAI's chat completions and embeddings, https://platform.openai.com/docs/api-reference; the body of a context
overflow is llama.cpp's, which gives its figures.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass
class SeenRequest:
    """One request as the endpoint saw it; its key is left out."""

    index: int
    """Position among all requests, from 0."""
    repeat: int
    """How often the same body came before."""
    seconds: float
    """Since the endpoint started."""
    path: str
    headers: Mapping[str, str]
    """Names in lower case, without "authorization"."""
    body: Mapping[str, Any]
    fault: str = ""
    """What it got instead of an answer: the name of a fault, or the status of a reply that was made for it."""
    aborted: bool = False
    """The client left before the reply was complete."""

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(role, content) pairs."""
        return [(message["role"], message["content"]) for message in self.body.get("messages", [])]

    @property
    def prompt(self) -> str:
        """Content of the last message; empty when there is none."""
        return self.messages[-1][1] if self.messages else ""

    @property
    def embeds(self) -> bool:
        """Whether vectors are asked for."""
        return self.path.endswith("/embeddings")

    @property
    def parameters(self) -> dict[str, Any]:
        """Everything in the body but the model and the messages."""
        return {name: value for name, value in self.body.items() if name not in ("model", "messages")}


@dataclass(frozen=True)
class Reply:
    """A reply, piece by piece."""

    parts: tuple[bytes, ...] = ()
    status: int = 200
    content_type: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Literal["complete", "cut", "hang"] = "complete"
    """"cut" closes the connection inside the body, "hang" keeps it open and silent."""
    has_head: bool = True
    """False: not even a status line is sent."""
    latency: float | None = None
    """Seconds before its first byte; None takes the endpoint's."""


def short_answer(request: SeenRequest, words: int) -> str:
    """An answer that only depends on the model and the messages: a digest, then the prompt's first words."""
    asked = json.dumps([request.body.get("model"), request.messages])
    digest = hashlib.sha256(asked.encode()).hexdigest()[:8]
    said = request.prompt[: words * 20].split() or ["nothing"]
    return " ".join([digest, *(said[place % len(said)] for place in range(words - 1))])


def good_reply(request: SeenRequest, text: str, *, with_usage: bool = True) -> Reply:
    """The answer as the client asked for it: events, one per word, or one JSON body."""
    words = re.findall(r"\s*\S+|\s+$", text)
    usage = {"prompt_tokens": sum(len(content) // 4 + 1 for _, content in request.messages)}
    usage |= {"completion_tokens": len(words), "total_tokens": usage["prompt_tokens"] + len(words)}
    if not request.body.get("stream"):
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return json_reply(200, _body(request, choices=[choice], **({"usage": usage} if with_usage else {})))
    events = [_delta(request, {"content": word}) for word in words]
    events.append(_delta(request, {}, "stop"))
    if with_usage and (request.body.get("stream_options") or {}).get("include_usage"):
        events.append(event(_body(request, choices=[], usage=usage)))
    return Reply((*events, b"data: [DONE]\n\n"))


def embedding_reply(request: SeenRequest) -> Reply:
    """The vector of each text, as the endpoint for embeddings sends them: texts with words in common are near."""
    given = request.body.get("input")
    texts = given if isinstance(given, list) else [given]
    data = [{"index": index, "embedding": word_vector(text)} for index, text in enumerate(texts)]
    return json_reply(
        200, _body(request, data=data, usage={"prompt_tokens": sum(len(text) // 4 + 1 for text in texts)})
    )


def word_vector(text: str, dimensions: int = 64) -> list[float]:
    """How often words of each hash are in the text, in whatever case; of length 1."""
    counts = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()):
        counts[int(hashlib.sha256(word.encode("utf-8", "replace")).hexdigest(), 16) % dimensions] += 1
    length = math.hypot(*counts)
    return [count / length if length else 0.0 for count in counts]


def json_reply(status: int, body: Mapping[str, Any], *, latency: float | None = None, **headers: str) -> Reply:
    """One JSON body."""
    return Reply((json.dumps(body).encode(),), status, "application/json", headers, latency=latency)


def event(body: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def _body(request: SeenRequest, **more: Any) -> dict[str, Any]:
    return {"id": f"fake-{request.index}", "model": request.body.get("model"), **more}


def _delta(request: SeenRequest, delta: Mapping[str, str], finish_reason: str | None = None) -> bytes:
    return event(_body(request, choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}]))


def _error(status: int, message: str, code: str | None = None, **headers: str) -> Reply:
    return json_reply(status, {"error": {"message": message, "type": "fake", "code": code}}, **headers)


def _context(_request: SeenRequest, _key: str) -> Reply:
    message = "the request exceeds the available context size"
    figures = {"n_prompt_tokens": 2705, "n_ctx": 2048}
    return json_reply(400, {"error": {"message": message, "type": "exceed_context_size_error", **figures}})


def _start(request: SeenRequest) -> tuple[bytes, ...]:
    return tuple(_delta(request, {"content": word}) for word in ("This ", "will ", "not "))


_HTML = Reply((b"<!doctype html><title>Sign in</title>",), content_type="text/html")

FAULTS: dict[str, Callable[[SeenRequest, str], Reply]] = {
    "429": lambda request, key: _error(429, "too many requests"),
    "429 wait": lambda request, key: _error(429, "too many requests", **{"Retry-After": "0.05"}),
    "429 quota": lambda request, key: _error(429, "you exceeded your quota", "insufficient_quota"),
    "500": lambda request, key: _error(500, "something broke"),
    "cut": lambda request, key: Reply(_start(request), ending="cut"),
    "no end": lambda request, key: Reply(_start(request)),
    "hang": lambda request, key: Reply(has_head=False, ending="hang"),
    "hang in the middle": lambda request, key: Reply(_start(request), ending="hang"),
    "error event": lambda request, key: Reply((*_start(request), event({"error": {"message": "out of memory"}}))),
    "html": lambda request, key: _HTML,
    "broken event": lambda request, key: Reply((*_start(request), b'data: {"choices": [}\n\n')),
    "half an event": lambda request, key: Reply((*_start(request), b'data: {"choices": [{"del')),
    "no choices": lambda request, key: json_reply(200, {"id": "fake", "object": "chat.completion"}),
    "empty choices": lambda request, key: Reply((event(_body(request, choices=[])), b"data: [DONE]\n\n")),
    "odd shapes": lambda request, key: Reply((event({"choices": "none", "usage": 7}), event({"choices": [1]}))),
    "length": lambda request, key: Reply((*_start(request), _delta(request, {}, "length"))),
    "content filter": lambda request, key: Reply((*_start(request), _delta(request, {}, "content_filter"))),
    "401": lambda request, key: _error(401, f"Incorrect API key provided: {key}.", "invalid_api_key"),
    "403": lambda request, key: _error(403, "This key may not call the model", "permission_denied"),
    "404": lambda request, key: _error(404, "The model does not exist", "model_not_found"),
    "307": lambda request, key: Reply(status=307, headers={"Location": "http://127.0.0.1:9/v1/chat/completions"}),
    "context": _context,
    "content filter 400": lambda request, key: _error(400, "The prompt was filtered", "content_filter"),
    "quota event": lambda request, key: Reply(
        (event({"error": {"message": "no more", "code": "insufficient_quota"}}),)
    ),
}
"""Name of a fault -> its reply to a request and its key. "no usage" is not here: it is a good answer."""
