"""Clients of the openai package, whose calls are noted where they are made in a tracked run."""

import functools
import inspect
import sys
import threading
from collections.abc import Callable
from typing import Any

from dataflows.tracker import openai_shapes
from dataflows.tracker.current import current_node
from dataflows.tracker.harmless import log_mistake
from dataflows.tracker.openai_streams import AsyncPieces, Pieces
from dataflows.tracker.running_call import RunningCall

_installing = threading.Lock()
_installed = False


def install() -> None:
    """From now on calls are noted, once the package has been imported; it is not imported here. Once per process.

    It is done where a client makes a request with all its repetitions, so that these are one call. Clients that were
    made before are noted too. What a client gives and raises stays as it was.
    """
    global _installed
    if _installed or not hasattr(sys.modules.get("openai"), "AsyncOpenAI"):
        return
    with _installing:
        if _installed:
            return
        _installed = True
        openai: Any = sys.modules["openai"]
        request, request_async = openai.OpenAI.request, openai.AsyncOpenAI.request

        @functools.wraps(request)
        def noted(self: Any, *given: Any, **named: Any) -> Any:
            if (call := _begun(self, given, named)) is None:
                return request(self, *given, **named)
            try:
                answer = request(self, *given, **named)
            except BaseException as error:
                call.failed(error)
                raise
            _note(call, answer)
            return answer

        @functools.wraps(request_async)
        async def noted_async(self: Any, *given: Any, **named: Any) -> Any:
            if (call := _begun(self, given, named)) is None:
                return await request_async(self, *given, **named)
            try:
                answer = await request_async(self, *given, **named)
            except BaseException as error:
                call.failed(error)
                raise
            _note(call, answer)
            return answer

        openai.OpenAI.request, openai.AsyncOpenAI.request = noted, noted_async


def _begun(client: Any, given: tuple[Any, ...], named: dict[str, Any]) -> RunningCall | None:
    """None where nothing is to be noted."""
    if (node := current_node()) is None or node.run.is_over:
        return None
    try:
        options = named["options"] if "options" in named else given[1]
        asked = openai_shapes.asked(client, options, keeps_content=node.run.keeps_content)
        if asked is None:
            return None
        if isinstance(key := getattr(client, "api_key", None), str):
            node.run.keys.add(key)
        call = RunningCall(node, asked)
        node.run.add_call(call)
    except Exception:  # noqa: BLE001 whatever it is, the call is made
        log_mistake("before a call")
        return None
    return call


def _note(call: RunningCall, answer: Any) -> None:
    """What came; a stream is noted piece by piece, as the service takes it."""
    try:
        if hasattr(answer, "_iterator"):
            kind = AsyncPieces if hasattr(answer, "__anext__") else Pieces
            answer._iterator = kind(call, answer._iterator)
        elif not hasattr(answer, "http_response"):
            openai_shapes.note_answer(call, answer)
        elif answer.http_response.is_closed:
            openai_shapes.note_answer(call, answer.http_response.json())
        else:
            # The service reads it as it likes, perhaps by parse().
            call.over()
            answer.parse = _parsed(call, answer.parse)
    except Exception:  # noqa: BLE001 whatever it is, the answer is given
        call.over()
        log_mistake("after a call")


def _parsed(call: RunningCall, parse: Callable[..., Any]) -> Callable[..., Any]:
    """parse() of a raw response, plain or awaited."""

    @functools.wraps(parse)
    def noted(*given: Any, **named: Any) -> Any:
        answer = parse(*given, **named)
        _note_once(call, answer)
        return answer

    @functools.wraps(parse)
    async def noted_async(*given: Any, **named: Any) -> Any:
        answer = await parse(*given, **named)
        _note_once(call, answer)
        return answer

    return noted_async if inspect.iscoroutinefunction(parse) else noted


def _note_once(call: RunningCall, answer: Any) -> None:
    # parse() gives the same object when it is called again.
    if not isinstance(getattr(answer, "_iterator", None), Pieces | AsyncPieces):
        _note(call, answer)
