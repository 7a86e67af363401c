"""An evaluation in a real browser: cells stream in, it is stopped and goes on, and a cell is opened by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import App
from tests.endpoint import FakeEndpoint
from tests.endpoint_replies import Reply

pytest_plugins = ["tests.browser_fixtures"]
pytestmark = pytest.mark.browser

CASES = 5


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The app over a checkout with a dataset of one short document."""
    with FakeEndpoint() as endpoint:
        app = App(tmp_path_factory.mktemp("app"), endpoint)
        folder = app.checkout / "datasets" / "summarization"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "gardens.txt").write_text("All about gardens. " * 30, encoding="utf-8")
        lines = [
            f"  - {{name: case {number}, document: gardens.txt, inputs: {{query: Why {number}?}}, "
            "assert: [{type: icontains, value: moon}, {type: not-is-refusal}]}"
            for number in range(1, CASES + 1)
        ]
        (folder / "cases.yaml").write_text("\n".join(["cases:", *lines]), encoding="utf-8")
        app.start()
        try:
            yield app
        finally:
            app.kill()


def test_cells_stream_in_and_a_stopped_evaluation_goes_on(app, visit):
    """What is answered shows while the rest hangs; Stop keeps it; begun again, from the keyboard, only the rest is
    asked; the arrows and Enter open a cell; and all of it is there after a refresh."""
    app.endpoint.answer = lambda seen: "the moon" if "Question: " in seen.prompt else "the sun"
    app.endpoint.fault = lambda seen: Reply(ending="hang") if re.search(r"Why [45]\?", seen.prompt) else ""
    visitor = visit("/evaluate")
    page = visitor.page
    cells = page.get_by_role("gridcell")
    passed = page.get_by_role("gridcell", name="2 of 2 pass")

    page.get_by_role("button", name="Evaluate 15 cells").click()
    expect(passed).to_have_count(3)
    expect(page.get_by_role("gridcell", name="Running")).to_have_count(6)
    expect(page.locator(".st-key-plan")).to_contain_text("9 of 15 cells, 3 pass")
    page.locator(".st-key-stop button").click()
    expect(page.get_by_role("gridcell", name="Stopped")).to_have_count(6)
    expect(page.locator(".st-key-plan")).to_contain_text("6 calls to make, 24 reused")
    app.endpoint.fault = lambda _: ""
    before = len(app.endpoint.requests)
    visitor.settle()
    page.keyboard.press("Control+Enter")
    expect(passed).to_have_count(5)
    expect(page.locator(".wb-verdicts").first).to_contain_text("baseline")

    assert len(app.endpoint.requests) - before == 6
    cells.first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    detail = page.locator(".st-key-evaluate-detail")
    expect(detail).to_contain_text("case 2 with v3")
    expect(detail.locator(".wb-checks")).to_contain_text("icontains")
    expect(cells.nth(5)).to_be_focused()
    page.reload()
    expect(passed).to_have_count(5)
    expect(detail).to_contain_text("case 2 with v3")
