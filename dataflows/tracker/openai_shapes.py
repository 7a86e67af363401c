"""What clients of the openai package ask and get, read without trusting its shape.

Source of the formats: OpenAI's API reference, chat completions and responses, as of openai 3.54.
"""

import contextlib
import time
from collections.abc import Mapping, Sequence
from typing import Any

from dataflows.tracker.running_call import Asked, RunningCall

_PATHS = ("/chat/completions", "/responses")
_SETTINGS = (
    "temperature",
    "top_p",
    "seed",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "presence_penalty",
    "frequency_penalty",
)
_MOST = 1e12


def asked(client: Any, options: Any, *, keeps_content: bool) -> Asked | None:
    """What a request asks; None when it is no call of a model whose answer is a text.

    Args:
        client: Of the openai package.
        options: Its FinalRequestOptions.
        keeps_content: Whether texts are wanted.
    """
    body = options.json_data
    if options.method.lower() != "post" or options.url not in _PATHS or not isinstance(body, Mapping):
        return None
    url = client.base_url
    return Asked(
        provider="azure.ai.openai" if type(client).__name__.endswith("AzureOpenAI") else "openai",
        server=f"{url.host}:{url.port}" if url.port else str(url.host),
        model=str(body.get("model", "")),
        settings={name: float(body[name]) for name in _SETTINGS if is_number(body.get(name))},
        messages=_messages(body) if keeps_content else (),
    )


def note_answer(call: RunningCall, answer: Any) -> None:
    """A whole answer, as an object or as JSON."""
    _note_end(call, answer)
    text = _at(answer, "choices", 0, "message", "content")
    if text is None:
        text = _output_text(answer)
    if isinstance(text, str) and call.keeps_content:
        call.pieces = [text]
    call.over()


def note_piece(call: RunningCall, piece: Any) -> None:
    """A piece of a stream; never raises."""
    call.seen = time.perf_counter()
    with contextlib.suppress(Exception):
        kind = str(_at(piece, "type") or "")
        _note_end(call, _at(piece, "response") if kind.startswith("response.") else piece)
        if call.keeps_content:
            text = _at(piece, "delta") if kind == "response.output_text.delta" else None
            text = text or _at(piece, "choices", 0, "delta", "content")
            if isinstance(text, str):
                call.pieces.append(text)


def _note_end(call: RunningCall, answer: Any) -> None:
    """Model, tokens and reason, where they are said."""
    usage = _at(answer, "usage")
    for name, spellings in (
        ("input_tokens", ("prompt_tokens", "input_tokens")),
        ("output_tokens", ("completion_tokens", "output_tokens")),
    ):
        for spelling in spellings:
            if isinstance(count := _at(usage, spelling), int) and 0 <= count <= _MOST:
                setattr(call, name, int(count))
    if isinstance(model := _at(answer, "model"), str):
        call.answering_model = model
    reason = _at(answer, "choices", 0, "finish_reason") or _at(answer, "incomplete_details", "reason")
    if isinstance(reason, str):
        call.finish_reason = reason
    elif _at(answer, "object") == "response" and _at(answer, "status") == "completed":
        call.finish_reason = "stop"


def _output_text(answer: Any) -> str | None:
    """The text of a response, of whose items only messages have one."""
    items = _at(answer, "output")
    if not isinstance(items, list):
        return None
    parts = [part for item in items for part in _at(item, "content") or [] if _at(part, "type") == "output_text"]
    return "".join(text for part in parts if isinstance(text := _at(part, "text"), str))


def _messages(body: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """(role, text) pairs."""
    instructions = body.get("instructions")
    said = [("system", instructions)] if isinstance(instructions, str) else []
    messages = body.get("messages", body.get("input"))
    if isinstance(messages, str):
        return (*said, ("user", messages))
    if not isinstance(messages, Sequence):
        return said
    return (*said, *((str(_at(own, "role") or _at(own, "type")), _content(_at(own, "content"))) for own in messages))


def _content(content: Any) -> str:
    """The text of a message; what is no text is told by its kind: [image_url]."""
    if isinstance(content, str):
        return content
    if not isinstance(content, Sequence):
        return ""
    texts = [(_at(part, "text"), _at(part, "type")) for part in content]
    return "".join(text if isinstance(text, str) else f"[{kind}]" for text, kind in texts)


def _at(value: Any, *path: str | int) -> Any:
    """What is at the end of a path through objects, mappings and lists; None where it breaks off."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        elif isinstance(value, Mapping):
            value = value.get(step)
        else:
            value = getattr(value, step, None)
    return value


def is_number(value: Any) -> bool:
    """Whether it is a number that a record can have; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _MOST
