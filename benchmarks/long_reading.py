"""A PDF of 1,000 pages: what reading it takes, what share of a whole run that is, and whether the page notices.

`python -m benchmarks.long_reading PDF HOME` reads one PDF and prints what it took as JSON.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from benchmarks import prose
from benchmarks.browser import RUN_BUTTON, chromium_browser, open_page, timed_click, workbench_app
from benchmarks.calls import clean_environment
from benchmarks.commands import Took, run
from benchmarks.endpoint_process import EndpointProcess
from benchmarks.tables import at_most
from tests.pdfs import text_pdf
from workbench.documents.pdf_reader import Progress
from workbench.documents.reading import read_document

_CHARACTERS = 2500
"""Of a page."""
_LATENCY = 0.2
_IN_FLIGHT = 20
_CLICK_BOUND = 0.6
_CHIP = "(document.querySelector('.wb-chip-detail')?.textContent ?? '')"

Row = tuple[object, ...]


def rows(*, quick: bool = False) -> list[Row]:
    """What, figure, unit, promised: of 1,000 pages, or of 200 when quick."""
    pages = 200 if quick else 1000
    pdf = text_pdf(prose.pages(pages, pages * _CHARACTERS))
    with tempfile.TemporaryDirectory() as folder, EndpointProcess(_LATENCY) as server:
        path = Path(folder, "report.pdf")
        path.write_bytes(pdf)
        environment = clean_environment(Path(folder, "command"))
        remote = {**environment, "OPENAI_BASE_URL": server.url, "WORKBENCH_MODEL": "fake"}
        alone = json.loads(_read_alone(path, environment).output)
        whole, again = _compared(path, remote), _compared(path, remote)
        calls = len(server.take())
        on_page = _on_the_page(path, pages, {**remote, "WORKBENCH_HOME": str(Path(folder, "app"))})
    return [
        (f"{pages:,} pages with {alone['characters']:,} characters, {len(pdf) / 1e6:.1f} MB", "", "", ""),
        ("reading alone", alone["seconds"], "s", ""),
        ("pages read in a second", pages / alone["seconds"], "", ""),
        ("memory of the child that reads, at most", alone["child_mb"], "MB", ""),
        ("memory that reading adds to the process that asks", alone["added_mb"], "MB", ""),
        (f"compare with one version, {calls:,} calls: the whole command", whole.seconds, "s", ""),
        ("share of it that reading takes", 100 * alone["seconds"] / whole.seconds, "%", ""),
        ("the same command once more: nothing is read again", again.seconds, "s", ""),
        *on_page,
    ]


def _read_alone(path: Path, environment: dict[str, str]) -> Took:
    with tempfile.TemporaryDirectory() as home:
        return run([sys.executable, "-m", "benchmarks.long_reading", str(path), home], environment)


def _compared(path: Path, environment: dict[str, str]) -> Took:
    command = [sys.executable, "-m", "workbench", "compare", str(path), "--variant", "v3"]
    return run([*command, "--in-flight", str(_IN_FLIGHT)], environment)


def _on_the_page(path: Path, pages: int, environment: dict[str, str]) -> list[Row]:
    """The same in a browser that clicks all the time: before, while the PDF is read, while its chunks are counted."""
    with chromium_browser() as browser, workbench_app(environment) as server:
        page = open_page(browser, server.url)
        page.locator(RUN_BUTTON).wait_for()
        before = [_click(page) for _ in range(11)][1:]
        start = time.perf_counter()
        page.locator("input[type=file]").set_input_files(path)
        page.locator(".wb-track").wait_for()
        reading = _clicks_until(page, f"{_CHIP}.startsWith('{pages:,} pages')")
        there = time.perf_counter() - start
        counting = _clicks_until(page, f"{_CHIP}.endsWith('chunks')")
        counted = time.perf_counter() - start
        page.context.close()
    slowest = max(reading)
    return [
        ("in the app: from the upload to the document in its chip", there, "s", ""),
        ("from the upload to its number of chunks", counted, "s", ""),
        ("click to its effect before the upload, median", median(before), "s", ""),
        ("click to its effect while the PDF is read, median", median(reading), "s", ""),
        (f"the same, slowest of {len(reading)}", slowest, "s", at_most(slowest, _CLICK_BOUND, "s")),
        ("while its chunks are counted, slowest", max(counting, default="–"), "s", ""),
    ]


def _clicks_until(page: Page, look: str) -> list[float]:
    took = []
    while not page.evaluate(look):
        took.append(_click(page))
    return took


def _click(page: Page) -> float:
    """Seconds from a press of Inline to the difference in its other form: one panel, or two side by side."""
    panels = "document.querySelectorAll('.st-key-diff .wb-diff').length"
    shown, other = (1, 2) if page.locator(".st-key-inline input").is_checked() else (2, 1)
    page.wait_for_function(f"{panels} === {shown}")
    return timed_click(page, page.locator(".st-key-inline label").first, f"{panels} === {other}")


def main() -> None:
    """Read one PDF; MB are 10^6 bytes."""
    pdf, home = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
    before = _peak_mb("self")
    child_mb = 0.0

    def look(_: Progress) -> None:
        nonlocal child_mb
        children = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children"))
        child_mb = max([child_mb, *map(_peak_mb, children.split())])

    start = time.perf_counter()
    document = read_document(pdf, "report.pdf", home, on_page=look)
    seconds = time.perf_counter() - start
    took = {
        "seconds": seconds,
        "characters": document.characters,
        "child_mb": child_mb,
        "added_mb": _peak_mb("self") - before,
    }
    print(json.dumps(took))


def _peak_mb(process: str) -> float:
    """The most memory a process has had resident; 0 when it is gone. Source: proc(5)."""
    try:
        lines = Path("/proc", process, "status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


if __name__ == "__main__":
    main()
