"""The fourth way: an A/B test chooses between the other three for each user, and is told what became of it."""

import json
import logging
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dataflows.ab import Arm, LiveTests, live_tests_from
from dataflows.prompt_store import CachedStore, PromptSource, PromptStore
from examples.service.prompt_ways import Choice, by_config, by_module, by_store
from examples.service.request_log import RequestLog
from examples.service.settings import Settings

_LONGEST_UNIT = 200
_MOST_BYTES = 1_000
_logger = logging.getLogger("examples.service")


@dataclass(frozen=True)
class Split:
    """Gives each user the prompts of an arm, the same ones each time."""

    tests: LiveTests
    test: str
    store: PromptSource
    """Of arms that come by the store."""
    fallback: Choice
    """Where nothing was ever known of the test."""

    def choose(self, unit: str, request_id: str) -> Choice:
        """The prompts of the unit's arm, which is logged as shown to it once a day, or by request without a user.

        Raises:
            ValueError: The arm's prompts can't be had.
        """
        assignment = self.tests.assign(self.test, unit)
        if assignment.arm is None:
            return replace(self.fallback, test=self.test)
        choice = self._of(assignment.arm)
        self.tests.exposed(assignment, request_id if unit == request_id else "")
        return replace(choice, test=self.test, arm=assignment.arm.name)

    def _of(self, arm: Arm) -> Choice:
        match arm.prompts.way:
            case "module":
                return by_module(arm.prompts.version)
            case "config":
                return by_config(arm.prompts.version)
            case _:
                return by_store(self.store, arm.prompts.version)


def split_of(settings: Settings) -> Split | None:
    """The A/B test that the settings name; None with another way.

    Raises:
        ValueError: AB_DATABASE makes no sense.
    """
    if settings.way != "ab":
        return None
    tests = live_tests_from()
    _logger.debug("A/B tests are in %s", tests.place)  # an address that is none is said now, not with a request
    store = CachedStore(PromptStore(settings.store), fallback_file=settings.last_known or None)
    return Split(tests, settings.ab_test, store, by_module(settings.version))


def unit_of(request: Request, log: RequestLog) -> str:
    """Who stays in one arm: the user in X-User-ID, else the request."""
    return request.headers.get("x-user-id", "")[:_LONGEST_UNIT] or log.request_id


def outcome_route(split: Split) -> Route:
    """POST /outcomes with {"name": "helpful", "value": 1}, and the X-User-ID or X-Request-ID of the answer."""

    async def outcomes(request: Request) -> JSONResponse:
        unit = request.headers.get("x-user-id", "")[:_LONGEST_UNIT] or request.headers.get("x-request-id", "")
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _MOST_BYTES:
                return _refused(f"an outcome has over {_MOST_BYTES:,} bytes; send its name and value only")
        try:
            given = json.loads(body)
            is_taken = split.tests.outcome(split.test, unit, given["name"], given["value"])
        except (ValueError, TypeError, KeyError, RecursionError):
            is_taken = False
        if not is_taken:
            return _refused('send {"name": "helpful", "value": 1}, value from 0 to 1, and X-User-ID or X-Request-ID')
        return JSONResponse({"status": "taken"}, 202)

    return Route("/outcomes", outcomes, methods=["POST"])


def _refused(sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, 400)
