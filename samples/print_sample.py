"""Prints each HTML file of this folder to the PDF beside it: `make sample`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium

SOURCES = tuple(sorted(Path(__file__).parent.glob("*.html")))


def print_samples(sources: tuple[Path, ...] = SOURCES) -> None:
    """Write the PDFs anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page()
        for source in sources:
            page.goto(source.as_uri())
            page.pdf(path=source.with_suffix(".pdf"), prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    print_samples()
