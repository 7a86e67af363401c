"""From an output to its prompt, in a real browser: of one's own run, and of a service that nobody linked by hand."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser import App
from tests.endpoint import FakeEndpoint
from tests.pdfs import text_pdf
from tests.test_service_command import answered, started

pytest_plugins = ["tests.browser_fixtures"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with FakeEndpoint(latency=0.01) as endpoint:
        app = App(tmp_path_factory.mktemp("app"), endpoint)
        app.start()
        try:
            yield app
        finally:
            app.kill()


def test_an_answer_out_of_a_services_log_finds_its_prompt(served, visit):
    """A service tells its runs by one variable; a line of its log, and its answer, lead to the prompts that made it."""
    served.home.mkdir(exist_ok=True)
    track = {"WORKBENCH_TRACK": f"database:sqlite:///{served.home / 'history.db'}", "WORKBENCH_TRACK_CONTENT": "on"}
    service = started(served.endpoint, MODEL="fake", PROMPTS="module", PROMPTS_VERSION="v2", **track)
    _, told, log = answered(service)
    [line] = [line for line in log.splitlines() if line.startswith("{")]

    visitor = visit("/history?view=output")
    page = visitor.page
    for pasted in (line, told["summary"], told["summary"][5:60]):
        page.get_by_role("textbox").first.fill(pasted)
        page.get_by_role("button", name="Find its run").click()
        card = page.locator("[class*=st-key-match-]").first
        expect(card).to_contain_text("v2 · summarization")
        expect(card).to_contain_text("summarize_text_from_summaries_prompt")
    card.get_by_role("button", name="Open").click()

    expect(page.get_by_text(json.loads(line)["request_id"])).to_be_visible()
    expect(page.get_by_text("into one summary.").first).to_be_visible()
    assert visitor.leave() == []


def test_any_output_is_two_clicks_from_its_prompt(served, visit):
    """One on the card leads to the run, whose prompts stand there; its draft goes back on the bench."""
    visitor = visit("/")
    page = visitor.page
    visitor.bring("pets.pdf", text_pdf(["Cats sleep. " * 40]))
    page.get_by_role("button", name="Run 3 variants").click()
    visitor.sees("v1", "Done")
    visitor.settle()
    page.locator(".st-key-answer-v1 a").filter(has_text="In the history").first.click()

    expect(page.get_by_text("Collate these key points of a text").first).to_be_visible()
    expect(page.locator(".st-key-run-head")).to_contain_text("pets.pdf")
    page.get_by_role("button", name="All runs").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    expect(page.locator(".st-key-history-actions")).to_contain_text(re.compile(r"[34] runs"))
    assert visitor.leave() == []
