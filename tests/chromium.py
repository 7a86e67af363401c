"""The Chromium that drives the browser tests: found, or installed by `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Path of a Chromium: CHROMIUM, one on PATH, or the one that Playwright keeps."""
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES)]
    found = next((path for path in named if path), None)
    return found or _playwright_browser()


def install() -> str:
    """Install one where none is; its path.

    Raises:
        SystemExit: It can't be installed; says what to do.
    """
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    commands = (
        [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]]
        if as_root
        else [[sys.executable, "-m", "playwright", "install", "chromium"]]
    )
    for command in commands:
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    return find() or sys.exit("No Chromium could be installed. Install one, or set CHROMIUM to its path.")


def _playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    if path := find():
        print(f"== Browser for the tests: {path}")
    else:
        print("== Installing a Chromium for the browser tests")
        print(f"== Browser for the tests: {install()}")
