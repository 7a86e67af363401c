"""Takes docs/workbench.png from the running app, with the small model answering: `make picture`."""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from benchmarks.browser import chromium_browser, workbench_app

PICTURE = Path(__file__).with_name("workbench.png")
_MINUTES = 5 * 60_000


def take_picture() -> None:
    """Run three versions on the sample and write the picture anew."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKBENCH_"))}
    with (
        tempfile.TemporaryDirectory() as home,
        chromium_browser() as browser,
        workbench_app({**plain, "WORKBENCH_HOME": home}) as app,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(app.url)
        page.get_by_text("Use the sample document").click()
        expect(page.locator(".wb-chip-name")).to_be_visible()
        page.locator(".st-key-run button").click()
        for label in ("v1", "v2", "v3"):
            status = page.locator(f".st-key-answer-{label}").get_by_role("status")
            expect(status).to_contain_text("Done", timeout=_MINUTES)
        expect(page.locator(".st-key-run button")).to_be_visible()
        page.mouse.move(0, 0)
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    take_picture()
