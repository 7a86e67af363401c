"""The app under measurement: its server, a bench that is already set, and a real Chromium in front of it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.processes import free_port, serving
from benchmarks.prose import text_of_chunks
from tests import chromium
from workbench import settings
from workbench.documents.store import keep_document
from workbench.records import Document
from workbench.state import bench, workspaces
from workbench.state.bench import Bench
from workbench.state.record_json import to_json

RUN_BUTTON = ".st-key-run button"
_BARE = 'import streamlit as st\n\nst.title("Bare page")\n'
_WATCH = Path(__file__).with_name("watch_page.js").read_text("utf-8")


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    url: str
    process_id: int


@contextmanager
def chromium_browser() -> Iterator[Browser]:
    """A headless Chromium.

    Raises:
        RuntimeError: There is none.
    """
    path = chromium.find()
    if not path:
        raise RuntimeError("There is no Chromium. Run python -m tests.chromium first.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield browser
        browser.close()


@contextmanager
def workbench_app(environment: Mapping[str, str]) -> Iterator[Served]:
    """The app, started as `make run` does."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    with serving(command, port, settings.ROOT, environment) as process_id:
        yield Served(f"http://127.0.0.1:{port}", process_id)


@contextmanager
def bare_app(environment: Mapping[str, str], folder: Path) -> Iterator[Served]:
    """A Streamlit page with a title, under the same server settings: the yardstick of the same minute."""
    (folder / "bare.py").write_text(_BARE)
    (folder / ".streamlit").mkdir(exist_ok=True)
    ours = (settings.ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    (folder / ".streamlit" / "config.toml").write_text(ours)
    port = free_port()
    with serving([sys.executable, "-m", "streamlit", "run", "bare.py"], port, folder, environment) as process_id:
        yield Served(f"http://127.0.0.1:{port}", process_id)


def set_bench(home: Path) -> str:
    """Put a document of one chunk and four drafts of v1 on the bench of a new workspace; its id."""
    text = text_of_chunks(1, 1200)
    document = Document(sha256(text.encode()).hexdigest(), "report.pdf", len(text), 1, (text,), "pypdf")
    keep_document(document, home)
    laid = Bench()
    for number in range(1, 5):
        templates = {
            "summarize_chunk_of_text_prompt": f"Take {number} notes on this text.\n{{chunk}}",
            "summarize_text_from_summaries_prompt": f"Answer in {number} lines: {{query}}\n{{results}}",
        }
        laid = bench.add_draft(laid, "v1", templates)
    workspace = workspaces.new_workspace()
    kept = workspaces.Workspaces(home / "workbench.db")
    kept.write(workspace, "bench", to_json(laid))
    kept.write(workspace, "document", {"sha256": document.sha256, "name": document.name})
    return workspace


def open_page(browser: Browser, url: str, workspace: str = "") -> Page:
    """A page of a browser that was never here, at 1440 x 900."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    if workspace:
        context.add_cookies([{"name": "workbench", "value": workspace, "url": url}])
    context.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{ {_WATCH} }})")
    page = context.new_page()
    page.goto(url)
    return page


def timed_click(page: Page, target: Locator, look: str) -> float:
    """Seconds from the press of the mouse to the frame that shows the effect.

    Args:
        page: The page.
        target: What to click.
        look: JavaScript expression that is true once the effect shows, and false before.
    """
    if page.evaluate(f"() => Boolean({look})"):
        raise RuntimeError(f"{look} is true before the click that shall bring it about")
    page.evaluate(f"() => watched.time(() => {look})")
    target.click()
    page.wait_for_function("watched.effect !== null")
    return float(page.evaluate("watched.effect")) / 1000
