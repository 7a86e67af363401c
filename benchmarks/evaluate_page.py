"""How long a person waits for the Evaluate page: 1,000 cases × 6 variants that are over, on a server that is warm."""

import json
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from benchmarks.browser import RUN_BUTTON, bare_app, chromium_browser, open_page, timed_click, workbench_app
from benchmarks.calls import clean_environment
from benchmarks.endpoint_process import EndpointProcess
from benchmarks.tables import at_most, table
from workbench import settings
from workbench.state.workspaces import Workspaces, new_workspace

_PAINT_BOUND = 1.5
_TURN_BOUND = 0.5
_DOCUMENTS, _QUERIES = 20, 5
_LONGEST_MS = 1_200_000
_CELLS = "[role=gridcell]"
_MATRIX = f"watched.shows('.st-key-matrix', '{_CELLS}')"
_PROMPTS = ("summarize_chunk_of_text_prompt", "summarize_text_from_summaries_prompt")

Row = tuple[object, ...]


def measure(*, quick: bool = False) -> str:
    """The table; two minutes, or one when quick: a tenth of the cases."""
    cases, repeats = (100, 3) if quick else (1_000, 7)
    with (
        tempfile.TemporaryDirectory() as folder,
        EndpointProcess(0.0) as model,
        chromium_browser() as browser,
    ):
        root, home = Path(folder) / "project", Path(folder) / "home"
        home.mkdir()
        make_project(root, cases)
        environment = {**clean_environment(home), "OPENAI_BASE_URL": model.url, "WORKBENCH_MODEL": "fake"}
        bare = _bare(browser, environment, Path(folder), repeats)
        with workbench_app({**environment, "WORKBENCH_PROJECT": str(root)}) as server:
            page = open_page(browser, f"{server.url}/evaluate", _workspace(home))
            page.context.set_default_timeout(_LONGEST_MS)
            start = time.perf_counter()
            page.locator(RUN_BUTTON).click()
            page.locator(".st-key-stop").wait_for()
            page.locator(".wb-verdicts").first.wait_for(timeout=_LONGEST_MS)
            took = time.perf_counter() - start
            rows: list[Row] = [("evaluate all of it, answers at once", took, "s", "")]
            page.get_by_text("every answer is kept").wait_for(timeout=_LONGEST_MS)
            painted = [_painted(page, f"{server.url}/evaluate", _MATRIX) for _ in range(repeats)]
            rows.append(("a bare Streamlit page, from navigation to its title", bare, "s", ""))
            rows.append(("from navigation to the matrix", median(painted), "s", at_most(median(painted), _PAINT_BOUND)))
            rows += _clicks(page, repeats)
            page.context.close()
    title = f"Evaluate page: {cases:,} cases × 6 variants, median of {repeats}"
    return table(title, ("what", "figure", "unit", "promised"), rows)


def make_project(root: Path, cases: int) -> None:
    """A project with our dataflows and prompts, and a dataset of so many cases on 20 documents with 5 questions each.

    Cases of one document and question share their runs, so that the page is measured and not the engine.
    """
    for name in ("dataflows", "prompts"):
        shutil.copytree(settings.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder = root / "datasets" / "summarization"
    folder.mkdir(parents=True)
    entries = []
    for number in range(cases):
        document = f"report-{number % _DOCUMENTS}.txt"
        text = f"Report {number % _DOCUMENTS} tells of gardens. " * 20
        (folder / document).write_text(text, encoding="utf-8")
        entries.append(
            {
                "name": f"case {number + 1}",
                "document": document,
                "inputs": {"query": f"What does it say of question {number // _DOCUMENTS % _QUERIES}?"},
                "tags": [f"area {number % 5}"],
                "assert": [
                    {"type": "icontains", "value": f"{number % 7}"},
                    {"type": "word-count", "value": {"min": 2, "max": 60}},
                    {"type": "not-is-refusal"},
                ],
            }
        )
    (folder / "cases.yaml").write_text(json.dumps({"cases": entries}, indent=1), encoding="utf-8")


def _workspace(home: Path) -> str:
    """One that combines three versions of a prompt with two of the other."""
    workspace, kept = new_workspace(), Workspaces(home / "workbench.db")
    labels = dict(zip(_PROMPTS, (["v1", "v2", "v3"], ["v1", "v2"]), strict=True))
    kept.write(workspace, "summarization:evaluate-grid", True)
    kept.write(workspace, "summarization:grid", {"prompts": list(_PROMPTS), "labels": labels})
    return workspace


def _bare(browser: Browser, environment: dict[str, str], folder: Path, repeats: int) -> float:
    with bare_app(environment, folder) as server:
        page = open_page(browser, server.url)
        page.locator("h1").wait_for(timeout=_LONGEST_MS)
        seconds = median(_painted(page, server.url, "watched.shows('h1')") for _ in range(repeats))
        page.context.close()
        return seconds


def _painted(page: Page, url: str, look: str) -> float:
    """Seconds from the navigation of a tab to the frame in which an expression is true, by the browser's clock."""
    page.goto(url, wait_until="commit")
    seen = page.wait_for_function(f"() => window.watched && {look} && performance.now()", timeout=_LONGEST_MS)
    return float(seen.json_value()) / 1000


def _clicks(page: Page, repeats: int) -> list[Row]:
    turns, opens = [], []
    for turn in range(repeats):
        number = 2 - turn % 2
        first = f"case {50 * (number - 1) + 1}"
        button = page.locator(".st-key-pages").get_by_role("button", name=f"Page {number}", exact=True)
        turns.append(timed_click(page, button, _matrix_has(first)))
    for row in range(repeats):
        cell = page.locator(_CELLS).nth(6 * row + 1)
        name = str(cell.get_attribute("aria-label")).partition(",")[0]
        look = f"watched.text('.st-key-detail-bar').includes({json.dumps(name + ' with ')})"
        opens.append(timed_click(page, cell, look))
    return [
        ("turn a page", median(turns), "s", at_most(median(turns), _TURN_BOUND)),
        ("open a cell", median(opens), "s", ""),
    ]


def _matrix_has(name: str) -> str:
    """JavaScript that is true once the case's row is in the matrix."""
    heads = "own.shadowRoot.querySelectorAll('[role=rowheader]')"
    named = f"[...{heads}].some((row) => row.firstChild.data === {json.dumps(name)})"
    return f"[...document.querySelectorAll('*')].some((own) => own.shadowRoot && {named})"
