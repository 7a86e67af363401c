"""The service: POST a PDF to /summaries?query=…, get the summary and which prompts made it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dataflows.tracker import tracked_request
from examples.service.ab_way import Split, outcome_route, unit_of
from examples.service.chain import Summary, summarize, tracker
from examples.service.errors import RefusedError
from examples.service.openai_model import Connection
from examples.service.prompt_ways import Choice
from examples.service.reading import read_pages
from examples.service.request_log import LOGGER, RequestLog, request_id_of

MOST_BYTES = 10_000_000
MOST_QUERY_CHARACTERS = 2_000
UPLOAD_SECONDS = 60.0
DOCUMENTS_AT_ONCE = 4
"""Each may take a gigabyte of memory while it is read."""

# Strangers are not told where the store is; the log is.
_NO_PROMPTS = "the service has no prompts now; try again later"


def create_app(choose: Callable[[], Choice], connection: Connection, split: Split | None = None) -> Starlette:
    """The ASGI app.

    Args:
        choose: Gives the prompts for the next request.
        connection: Where answers come from; closed with the app.
        split: An A/B test that gives each user prompts instead.
    """
    documents = anyio.CapacityLimiter(DOCUMENTS_AT_ONCE)

    async def summaries(request: Request) -> JSONResponse:
        log = RequestLog(request_id_of(request.headers.get("x-request-id", "")))
        try:
            query = _query(request)
            pdf = await _body(request)
            own = partial(split.choose, unit_of(request, log), log.request_id) if split else choose
            answer = partial(_answer, pdf, query, own, connection, log)
            summary = await anyio.to_thread.run_sync(answer, limiter=documents)
        except RefusedError as error:
            return _answered(log, error.status, {"error": error.message}, error.message)
        except ClientDisconnect:
            return _answered(log, 499, {"error": "the client left"}, "the client left")
        except Exception as error:  # noqa: BLE001 whatever breaks, the client and the log get their answer
            # Without its message, which might repeat the document.
            LOGGER.error("%s in request %s", type(error).__name__, log.request_id)
            return _answered(log, 500, {"error": "the service failed; ask its people"}, type(error).__name__)
        return _answered(log, 200, {"summary": summary.text, "prompts": log.prompts})

    async def health(_request: Request) -> JSONResponse:
        try:
            choice = await anyio.to_thread.run_sync(choose)
        except ValueError as error:
            LOGGER.error(error)
            return JSONResponse({"status": "no prompts", "error": _NO_PROMPTS}, 503)
        log = RequestLog("")
        log.note_prompts(choice)
        return JSONResponse({"status": "ok", "prompts": log.prompts})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        connection.close()
        # A server that is told to end may not come to what Python does at its end.
        await anyio.to_thread.run_sync(tracker().flush, 5.0)
        if split:
            await anyio.to_thread.run_sync(split.tests.flush, 5.0)

    routes = [Route("/summaries", summaries, methods=["POST"]), Route("/healthz", health)]
    if split:
        routes.append(outcome_route(split))
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: _http_error})


def _answer(pdf: bytes, query: str, choose: Callable[[], Choice], connection: Connection, log: RequestLog) -> Summary:
    """Runs in a thread."""
    pages = read_pages(pdf)
    try:
        choice = choose()
    except ValueError as error:
        LOGGER.error(error)
        raise RefusedError(503, _NO_PROMPTS) from error
    log.note_prompts(choice)
    model = connection.model(choice.model)
    log.model = model.name
    try:
        with tracked_request(log.request_id):
            summary = summarize(pages, query, choice, model)
    except ValueError as error:
        raise RefusedError(422, str(error)) from error
    finally:
        log.calls = model.calls
    log.prompts["sha256"] = summary.prompts_sha256
    return summary


def _answered(log: RequestLog, status: int, content: dict[str, Any], error: str = "") -> JSONResponse:
    log.write(status, error)
    return JSONResponse({**content, "request_id": log.request_id}, status, {"X-Request-ID": log.request_id})


def _query(request: Request) -> str:
    query = request.query_params.get("query", "")
    if len(query) > MOST_QUERY_CHARACTERS:
        message = f"the query has {len(query)} characters; at most {MOST_QUERY_CHARACTERS} are taken"
        raise RefusedError(400, message)
    return query


async def _body(request: Request) -> bytes:
    """The PDF, which is the whole body; reading stops where it gets too large."""
    body = bytearray()
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BYTES:
                    raise RefusedError(413, f"this file has over {MOST_BYTES} bytes; send a smaller one")
    except TimeoutError:
        raise RefusedError(408, f"the file did not arrive within {UPLOAD_SECONDS:g} s; send it again") from None
    if not body:
        raise RefusedError(400, "the request has no body; send the PDF as the body")
    return bytes(body)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"error": "there is only POST /summaries and GET /healthz"}, status)
