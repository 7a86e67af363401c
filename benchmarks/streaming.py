"""How the page keeps up while four answers are written: the age of what it shows, and how soon a click has its effect.

Each token is the time at which the endpoint sent it, so the page can tell its age: both have the clock of this machine.
"""

import json
import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any, cast

from playwright.sync_api import Page, TimeoutError

from benchmarks.browser import RUN_BUTTON, timed_click
from benchmarks.processes import cpu_share
from benchmarks.tables import at_most, exactly
from tests.endpoint import FakeEndpoint
from tests.endpoint_replies import Reply, SeenRequest, event

_TOKENS_PER_SECOND = 50
_CHUNK_TOKENS = 25
_ANSWER_TOKENS = 60 * _TOKENS_PER_SECOND
_PARAGRAPH_TOKENS = 60
_TOKEN_BOUND_MS = 300.0
_CLICK_BOUND = 0.6
_STOP_BOUND = 0.6
_STOPPED = "watched.text('[role=status]').split('\\n').filter((text) => text.startsWith('Stopped')).length === 4"


def endpoint() -> FakeEndpoint:
    """An endpoint whose answers are made of the times at which they are written."""
    return FakeEndpoint(tokens_per_second=_TOKENS_PER_SECOND, fault=_stamped)


def rows(page: Page, process_id: int, model: FakeEndpoint, *, quick: bool) -> list[tuple[object, ...]]:
    """The figures of a Workbench page with four variants on its bench; they have been stopped in the end."""
    _run(page)
    page.evaluate("() => { watched.tokens = []; watched.newest = []; }")
    share = cpu_share(process_id, 4.0 if quick else 10.0)
    tokens, newest = page.evaluate("[watched.tokens, watched.newest]")
    clicks = [_toggle(page) for _ in range(3 if quick else 6)] + [_other_prompt(page) for _ in range(2 if quick else 6)]
    stops, came_back = [_stop(page)], [_run_is_back(page)]
    for _ in range(0 if quick else 4):
        _run(page)
        stops.append(_stop(page))
        came_back.append(_run_is_back(page))
    aborted = model.wait_until(lambda: model.aborted >= 4 * len(stops), 5)
    age = median(tokens)
    return [
        ("age of a token when it is in the page, median", age, "ms", at_most(age, _TOKEN_BOUND_MS, "ms")),
        ("the same, 95th percentile", quantiles(tokens, n=20)[-1], "ms", ""),
        ("age of the newest token at each change of the page, median", median(newest), "ms", ""),
        ("tokens seen", len(tokens), "", ""),
        ("CPU of the server", share, "% of a core", ""),
        ("click to its effect, median", median(clicks), "s", at_most(median(clicks), _CLICK_BOUND, "s")),
        ("the same, slowest", max(clicks), "s", ""),
        ("Stop to four times Stopped, median", median(stops), "s", at_most(median(stops), _STOP_BOUND, "s")),
        ("Run is back within 3 s of that", sum(came_back), "times", exactly(sum(came_back), len(stops))),
        ("streams closed at the endpoint by then", "all" if aborted else f"{model.aborted}", "", ""),
    ]


def _run(page: Page) -> None:
    page.evaluate("() => { watched.tokens = []; }")
    page.locator(RUN_BUTTON).click()
    # A few times the four cards, so that all of them stream.
    page.wait_for_function("watched.tokens.length > 200")


def _toggle(page: Page) -> float:
    panels = "document.querySelectorAll('.st-key-diff .wb-diff').length"
    return timed_click(page, page.locator(".st-key-inline label").first, f"{panels} !== {page.evaluate(panels)}")


def _other_prompt(page: Page) -> float:
    button = page.locator(".st-key-prompt button:not([aria-checked=true])").first
    shown = json.dumps(page.evaluate("watched.text('.st-key-diff')"))
    return timed_click(page, button, f"watched.text('.st-key-diff') !== {shown}")


def _stop(page: Page) -> float:
    return timed_click(page, page.locator(".st-key-stop button"), _STOPPED)


def _run_is_back(page: Page) -> bool:
    """Whether the one button says Run again; the page is loaded anew when it does not, to go on."""
    try:
        page.locator(RUN_BUTTON).wait_for(timeout=3000)
    except TimeoutError:
        page.reload()
        page.locator(RUN_BUTTON).wait_for()
        return False
    return True


def _stamped(request: SeenRequest) -> Reply:
    count = _CHUNK_TOKENS if request.prompt.startswith("Take") else _ANSWER_TOKENS
    # Written one by one while they are sent; a tuple would hold times that are all the same.
    return Reply(cast("tuple[bytes, ...]", _stamps(count)))


def _stamps(count: int) -> Iterator[bytes]:
    for place in range(count):
        blank = " " if place % _PARAGRAPH_TOKENS else "\n\n"
        yield _delta({"content": f"{blank}{int(time.time() * 1000) % 100_000_000:08d}"})
    yield _delta({}, "stop")
    yield b"data: [DONE]\n\n"


def _delta(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    body: dict[str, Any] = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}
    return event(body)
