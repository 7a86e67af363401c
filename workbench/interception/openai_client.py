"""Clients of the openai package that ask the run they are in, and the network outside of one."""

import datetime
import functools
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from workbench.errors import BudgetError, NotKeptError, StopError, WorkbenchError
from workbench.interception.asked import AskedCall
from workbench.interception.openai_requests import address_of, answered, asked_call, failed
from workbench.interception.scope import RunEndedError, RunScope, current_run, outside
from workbench.records import Answer

_PLACEHOLDER_KEY = "no-key"
_FAILURE = "workbench_error"
_installing = threading.Lock()
_lenient: ContextVar[bool] = ContextVar("lenient", default=False)


@contextmanager
def lenient_clients() -> Iterator[None]:
    """Inside, a client can be made without a key, so that a module with one can be loaded where nothing is asked.

    In a run it can be, too: one that is made again from kept answers needs no key.
    """
    token = _lenient.set(True)
    try:
        yield
    finally:
        _lenient.reset(token)


def install() -> None:
    """From now on, clients of the openai package ask the run they are in; loads the package; once per process.

    It is done where a request has been built and is about to be sent: what the client makes of the answer (parsing,
    streaming, raw responses) is left to it. Clients that were made before do so too.
    """
    import openai

    with _installing:
        if getattr(openai.OpenAI._send_request, "_asks_the_run", False):
            return
        for kind in (openai.OpenAI, openai.AsyncOpenAI, openai.AzureOpenAI, openai.AsyncAzureOpenAI):
            _make_lenient(kind, openai.OpenAIError)
        send, send_async = openai.OpenAI._send_request, openai.AsyncOpenAI._send_request

        @functools.wraps(send)
        def send_request(self: Any, request: Any, *, stream: bool, **how: Any) -> Any:
            run = current_run()
            if run is None or not (asked := _asked(run, self, request, how)):
                return send(self, request, stream=stream, **how)
            try:
                with outside():
                    outcome: Answer | WorkbenchError = run.handler.answer(asked)
            except WorkbenchError as error:
                outcome = error
            return _response(run, request, asked, outcome)

        @functools.wraps(send_async)
        async def send_request_async(self: Any, request: Any, *, stream: bool, **how: Any) -> Any:
            run = current_run()
            if run is None or not (asked := _asked(run, self, request, how)):
                return await send_async(self, request, stream=stream, **how)
            try:
                with outside():
                    outcome: Answer | WorkbenchError = await run.handler.answer_async(asked)
            except WorkbenchError as error:
                outcome = error
            return _response(run, request, asked, outcome)

        send_request._asks_the_run = True  # type: ignore[attr-defined]
        openai.OpenAI._send_request = send_request  # type: ignore[method-assign]
        openai.AsyncOpenAI._send_request = send_request_async  # type: ignore[method-assign]


def failure_behind(error: BaseException) -> WorkbenchError | None:
    """The failure of a call that a client raised this error for, or the one this was raised from; None for others."""
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        extensions = getattr(getattr(here, "response", None), "extensions", None)
        if isinstance(extensions, Mapping) and isinstance(found := extensions.get(_FAILURE), WorkbenchError):
            return found
        here = here.__cause__
    return None


def _make_lenient(kind: Any, missing: type[Exception]) -> None:
    make = kind.__init__

    @functools.wraps(make)
    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 it takes the place of one
        try:
            make(self, *given, **named)
        except missing:
            if named.get("api_key") or not (_lenient.get() or current_run()):
                raise
            make(self, *given, **{**named, "api_key": _PLACEHOLDER_KEY})

    kind.__init__ = __init__


def _asked(run: RunScope, client: Any, request: Any, how: Mapping[str, Any]) -> AskedCall | None:
    """The call of the request; None when it has to go to the network, which the handler has allowed then."""
    if run.ended:
        raise RunEndedError(run.ended)
    if not _signs(client, how) and (asked := asked_call(request)):
        return asked
    try:
        with outside():
            run.handler.passes(address_of(request))
    except WorkbenchError as error:
        raise run.end(error) from None
    return None


def _signs(client: Any, how: Mapping[str, Any]) -> bool:
    """Whether who asks is only said while the request is sent, so that nobody else can ask the same."""
    if how.get("auth") is not None or client._client.auth is not None:
        return True
    return any(getattr(client, name, None) is not None for name in ("_provider_runtime", "_workload_identity_auth"))


def _response(run: RunScope, request: Any, asked: AskedCall, outcome: Answer | WorkbenchError) -> Any:
    """As the HTTP library of the request has responses."""
    if isinstance(outcome, StopError | BudgetError | NotKeptError):
        raise run.end(outcome) from None
    if isinstance(outcome, Answer):
        seconds, extensions, (status, headers, body) = outcome.seconds, {}, answered(asked, outcome)
    else:
        seconds, extensions, (status, headers, body) = 0.0, {_FAILURE: outcome}, failed(outcome)
    library = sys.modules[type(request).__module__.partition(".")[0]]
    found = library.Response(status, headers=headers, content=body, request=request, extensions=extensions)
    found.elapsed = datetime.timedelta(seconds=seconds)
    return found
