"""One repository with five dataflows of other teams, in a real browser: opened, run and exported without an edit."""

import json
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from tests import shapes
from tests.browser import App
from tests.endpoint import FakeEndpoint

pytest_plugins = ["tests.browser_fixtures"]
pytestmark = pytest.mark.browser

PAPER = ("paper.pdf", shapes.report_pdf())
JOBS = {
    "Report digest": (PAPER, "digest_section_prompt", "report_digest", 1),
    "Catalogue guide": (PAPER, "highlights_prompt", "catalogue_guide", 3),
    "Contract brief": (PAPER, "clause_prompt", "contract_brief", 1),
    "Interview notes": (("talk.txt", shapes.TRANSCRIPT.encode()), "turn_prompt", "interview_notes", 1),
    "Triage": (("mail.txt", shapes.TICKET.encode()), "routing_wording", "triage", 1),
}
"""Dataflow as it is shown -> document, prompt to edit, its name, the number of the version to come."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """All five, in one git repository that has no word about the workbench."""
    root = tmp_path_factory.mktemp("theirs") / "theirs"
    for name in shapes.SHAPES:
        copied = shapes.shape(name, tmp_path_factory.mktemp("shape"))
        shutil.copytree(copied, root, dirs_exist_ok=True)
    for command in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "Ada"),
        ("config", "user.email", "ada@example.org"),
        ("add", "-A"),
        ("commit", "-q", "-m", "theirs"),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def served(tmp_path_factory, repository):
    with FakeEndpoint(latency=0.01) as endpoint:
        app = App(tmp_path_factory.mktemp("app"), endpoint, repository)
        app.start()
        try:
            yield app
        finally:
            app.kill()


def test_five_dataflows_open_run_and_export_without_an_edit(visit, repository):
    """Of each, a draft of one prompt runs beside the team's own, and becomes a proved module in their repository."""
    visitor = visit("/")
    page = visitor.page
    for shown, (document, prompt, name, number) in JOBS.items():
        visitor.choose("dataflow-on-bench", shown)
        expect(page.locator(".st-key-prompt")).to_contain_text(readable(prompt))
        if page.locator(".wb-chip-name").count() == 0 or page.locator(".wb-chip-name").inner_text() != document[0]:
            if page.locator(".st-key-remove-document button").count():
                page.locator(".st-key-remove-document button").first.click()
            visitor.upload(*document)
            expect(page.locator(".wb-chip-name")).to_have_text(document[0])
        give_inputs(page, name)
        columns = page.locator("[class*=st-key-column-]")
        before = 2 if name in ("catalogue_guide", "contract_brief") else 1  # their versions
        expect(columns).to_have_count(before)
        page.locator(".st-key-add-draft button").first.click()
        page.locator("[class*=st-key-draft-of-] button").last.click()
        page.keyboard.press("Escape")
        expect(columns).to_have_count(before + 1)
        visitor.choose("prompt", readable(prompt))
        editor = page.locator(f"[class*='st-key-editor-'][class*='-{prompt}'] textarea").last
        editor.fill(f"{editor.input_value() or shapes.SHAPES['ticket_triage'].inputs['routing_wording']}\nBe brief.")
        editor.blur()
        expect(columns.last).to_contain_text("Draft of")
        expect(page.locator(".st-key-plan")).to_contain_text("to make")
        visitor.run()
        expect(page.locator(".wb-status").last).to_contain_text("Done")

        visitor.go("Export")
        page.locator(".st-key-write button").first.click(timeout=60_000)
        expect(page.get_by_text("is written, as proved")).to_be_visible()
        assert (repository / "prompts" / name / f"prompts_v{number}.py").is_file()
        visitor.go("Workbench")

    changed = subprocess.run(["git", "status", "--short"], cwd=repository, capture_output=True, text=True, check=True)
    assert [line for line in changed.stdout.splitlines() if not line.startswith("?? prompts/")] == []


def readable(prompt):
    """Its name as people see it."""
    return prompt.removesuffix("_prompt").replace("_", " ").capitalize()


def give_inputs(page, name):
    """What a dataflow asks for beside its document."""
    if name == "report_digest":
        page.get_by_role("textbox", name="User query").fill("How much water was lost?")
        page.get_by_role("textbox", name="User query").press("Enter")
    if name == "triage":
        page.locator(".st-key-settings button").first.click()
        rules = json.dumps(shapes.SHAPES["ticket_triage"].inputs["routing_rules"])
        page.get_by_role("textbox", name="Routing rules").fill(rules)
        page.get_by_role("textbox", name="Routing rules").blur()
        page.keyboard.press("Escape")
