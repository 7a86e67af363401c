"""Prints samples/street-trees.html to the PDF beside it: `make sample`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium

SOURCE = Path(__file__).with_name("street-trees.html")


def print_sample() -> None:
    """Write the PDF anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page()
        page.goto(SOURCE.as_uri())
        page.pdf(path=SOURCE.with_suffix(".pdf"), prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    print_sample()
