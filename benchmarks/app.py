"""What a person waits for: the first page, the next page, and what an open page costs while nothing happens."""

import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from benchmarks import streaming
from benchmarks.browser import (
    RUN_BUTTON,
    Served,
    bare_app,
    chromium_browser,
    open_page,
    set_bench,
    timed_click,
    workbench_app,
)
from benchmarks.calls import clean_environment
from benchmarks.processes import cpu_seconds, cpu_share
from benchmarks.tables import at_most, table

_START_BOUND = 1.5
_SWITCH_BOUND = 0.5
_IDLE_BOUND = 1.0
_IDLE_SECONDS = 10.0
_SHOWN = {
    "Workbench": "watched.shows('.st-key-run') && watched.shows('.st-key-diff .wb-diff')",
    "Dataflow": "watched.shows('.st-key-dag', 'svg g.node')",
    "Export": "watched.shows('.st-key-export-form') && watched.shows('[data-testid=stCode]')",
}
"""Page -> when its last part is there."""
_GONE = {"Workbench": ".st-key-given", "Dataflow": ".st-key-dag", "Export": ".st-key-export-form"}

Row = tuple[object, ...]


def start_up(browser: Browser, *, repeats: int) -> list[Row]:
    """From the start of the process to what can be used in a browser that is already open; both kinds in turn."""
    bare, ours = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            environment = clean_environment(home)
            bare.append(_started(browser, bare_app(environment, home), "h1:has-text('Bare page')"))
            ours.append(_started(browser, workbench_app(environment), RUN_BUTTON, ".st-key-editors textarea"))
    (bare_seconds, bare_cpu), (our_seconds, our_cpu) = (map(median, zip(*each, strict=True)) for each in (bare, ours))
    ratio = our_seconds / bare_seconds
    return [
        ("start to a bare Streamlit page", bare_seconds, "s", ""),
        ("start to a usable Workbench", our_seconds, "s", ""),
        ("Workbench ÷ bare page", ratio, "", at_most(ratio, _START_BOUND)),
        ("CPU of the server until then, bare page", bare_cpu, "CPU s", ""),
        ("CPU of the server until then, Workbench", our_cpu, "CPU s", ""),
    ]


def _started(browser: Browser, starting: AbstractContextManager[Served], *parts: str) -> tuple[float, float]:
    """Seconds until a server that is about to start shows these parts, and its CPU seconds by then."""
    start = time.perf_counter()
    with starting as server:
        page = open_page(browser, server.url)
        for part in parts:
            page.locator(part).first.wait_for()
        seconds = time.perf_counter() - start
        cpu = cpu_seconds(server.process_id)
        page.context.close()
        return seconds, cpu


def switches(page: Page, *, rounds: int) -> list[Row]:
    """From the click on a link of the top bar to the whole new page, after each was visited once."""
    took: dict[str, list[float]] = {title: [] for title in _SHOWN}
    at = "Workbench"
    for turn in range(rounds + 1):
        for title in ("Dataflow", "Export", "Workbench"):
            look = f"{_SHOWN[title]} && !watched.shows('{_GONE[at]}')"
            seconds = timed_click(page, page.get_by_role("link", name=title), look)
            if turn:
                took[title].append(seconds)
            at = title
    return [
        (f"switch to {title}", median(each), "s", at_most(median(each), _SWITCH_BOUND, "s"))
        for title, each in took.items()
    ]


def idle(what: str, process_id: int, seconds: float, bound: bool = True) -> Row:
    """CPU of a server whose page is open in a browser and left alone, once it has settled."""
    time.sleep(seconds / 3)
    share = cpu_share(process_id, seconds)
    return (what, share, "% of a core", at_most(share, _IDLE_BOUND, "%") if bound else "")


def _idle_bare(browser: Browser, environment: Mapping[str, str], folder: Path, seconds: float) -> Row:
    with bare_app(environment, folder) as server:
        page = open_page(browser, server.url)
        page.get_by_role("heading", name="Bare page").wait_for()
        row = idle("idle bare page", server.process_id, seconds, bound=False)
        page.context.close()
        return row


def measure(*, quick: bool = False) -> str:
    """Two tables; three minutes, or 25 s when quick."""
    idle_seconds = 2.0 if quick else _IDLE_SECONDS
    with tempfile.TemporaryDirectory() as folder, streaming.endpoint() as model, chromium_browser() as browser:
        home = Path(folder)
        environment = {**clean_environment(home), "OPENAI_BASE_URL": model.url, "WORKBENCH_MODEL": "fake"}
        rows = start_up(browser, repeats=1 if quick else 5)
        if not quick:
            rows.append(_idle_bare(browser, environment, home, idle_seconds))
        workspace = set_bench(home)
        with workbench_app(environment) as server:
            page = open_page(browser, server.url, workspace)
            page.locator(RUN_BUTTON).wait_for()
            if not quick:
                rows.append(idle("idle Workbench, before a run", server.process_id, idle_seconds))
            rows += switches(page, rounds=2 if quick else 10)
            streamed = streaming.rows(page, server.process_id, model, quick=quick)
            rows.append(idle("idle Workbench, after a run", server.process_id, idle_seconds))
            page.context.close()
    heads = ("what", "figure", "unit", "promised")
    return table("App", heads, rows) + "\n" + table("App: 4 variants stream 50 tokens/s each", heads, streamed)
