"""The app as a browser sees it: a Streamlit server over a copy of the checkout, and what a person does on its pages."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLateError

from tests.endpoint import FakeEndpoint
from workbench import settings

_PARTS = ("app.py", "pages", "workbench", "dataflows", "prompts", "samples", "static", ".streamlit")
_START_SECONDS = 60.0
PATIENCE_MS = 60_000
_MOST_TABS = 30
_MOST_CLICKS = 3
_ALLOWED = re.compile(r"(?:https?|wss?)://127\.0\.0\.1:\d+/|data:|blob:http://127\.0\.0\.1:\d+/|about:")
# Streamlit asks for these beside a deep link before it asks at the root.
_HARMLESS = re.compile(r"http://127\.0\.0\.1:\d+/[a-z]+/_stcore/")


class App:
    """A server, as `streamlit run app.py` starts it, over a copy of the checkout and a state folder of its own.

    Args:
        folder: An empty one.
        endpoint: Who answers.
        project: Another repository to open.
    """

    def __init__(self, folder: Path, endpoint: FakeEndpoint, project: Path | None = None) -> None:
        self.checkout, self.home = folder / "checkout", folder / "home"
        self.prompts = self.checkout / "prompts" / "summarization"
        self.endpoint = endpoint
        self.checkout.mkdir()
        for part in _PARTS:
            source = settings.ROOT / part
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, self.checkout / part)
        _make_repository(self.checkout)
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKBENCH_"))}
        self._environment = {
            **ours,
            "WORKBENCH_HOME": str(self.home),
            "OPENAI_BASE_URL": endpoint.url,
            "WORKBENCH_MODEL": "fake",
        }
        if project:
            # Their clients ask where their own variables say.
            self._environment |= {"WORKBENCH_PROJECT": str(project), "OPENAI_API_KEY": "sk-theirs"}
            self._environment["TRIAGE_BASE_URL"] = endpoint.url
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self._port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Begin to serve; returns when the server is healthy."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self._port)],
            cwd=self.checkout,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"the app on port {self._port} was not healthy within {_START_SECONDS:g} s")

    def kill(self) -> None:
        """End the server and its children at once, without a chance to tidy up."""
        os.killpg(self._process.pid, signal.SIGKILL)  # its session is its own, so nothing else is in this group
        self._process.wait()

    def restart(self) -> None:
        """Another process on the same port and state folder."""
        self.kill()
        self.start()


def _make_repository(checkout: Path) -> None:
    """A team's checkout is a git repository with a remote; somebody works in it."""
    (checkout / ".gitignore").write_text("__pycache__/\n")
    for command in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "Ada"),
        ("config", "user.email", "ada@example.org"),
        ("remote", "add", "origin", "git@github.com:example/prompts.git"),
        ("add", "-A"),
        ("commit", "-q", "-m", "base"),
    ):
        subprocess.run(["git", *command], cwd=checkout, check=True)


class Visitor:
    """A person with a browser that was never here; what its pages may not do is noted in faults."""

    def __init__(self, browser: Browser, app: App) -> None:
        self.app = app
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1440, "height": 900}, reduced_motion="reduce", accept_downloads=True
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self._new_tab()

    def open(self, path: str = "/") -> None:
        """Visit a page in a new tab, which is the one at hand from then on."""
        self.page = self._new_tab()
        self.visit(path)

    def visit(self, path: str) -> None:
        """Visit a page in the tab at hand."""
        self.page.goto(self.app.url + path)

    def _new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", lambda request: self._called(request.url))
        page.on("websocket", lambda socket: self._called(socket.url))
        page.on("console", lambda said: self._said(said.type, said.text, said.location["url"]))
        return page

    def _called(self, url: str) -> None:
        if not _ALLOWED.match(url):
            self.faults.append(f"request to {url}")

    def _said(self, kind: str, text: str, url: str) -> None:
        if kind == "error" and not _HARMLESS.match(url):
            self.faults.append(f"console error: {text} ({url})")

    def leave(self) -> list[str]:
        """What this person's pages did that they may not do; an exception on an open one is such a thing."""
        for page in self.context.pages:
            if page.get_by_test_id("stException").count():
                self.faults.append(f"exception on {page.url}: {page.get_by_test_id('stException').first.inner_text()}")
        return self.faults

    def forget(self) -> None:
        """Be somebody else who was never here: one empty tab, and nothing that a page kept.

        The tab stays because it has read the app's scripts already: another one takes 2 s of processor time for that.
        """
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.goto("about:blank")
        self.context.clear_cookies()
        self.faults = []

    # What a person does on the pages.

    def upload(self, name: str, pdf: bytes) -> None:
        """Drop a PDF."""
        self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": pdf}
        )

    def bring(self, name: str, pdf: bytes) -> None:
        """Upload a PDF and wait until it is read."""
        self.upload(name, pdf)
        expect(self.page.locator(".wb-chip-name")).to_have_text(name)
        expect(self.page.locator(".wb-chip-detail")).to_contain_text(" · ")

    def editor(self, place: int) -> Locator:
        """The editor of a column, from 0."""
        return self.page.locator(".st-key-editors textarea").nth(place)

    def edit(self, place: int, text: str) -> None:
        """Put a text into an editor and wait until its column is a draft."""
        self.editor(place).fill(text)
        expect(self.page.locator("[class*=st-key-column-]").nth(place).get_by_text("Draft of").first).to_be_visible()

    def run(self, press_ms: float = 0) -> None:
        """Press the Run button, for so long."""
        self.page.locator(".st-key-run button").click(delay=press_ms)

    def tab_to(self, goal: Locator, after: Locator) -> None:
        """Press Tab from one element until another has the focus."""
        after.focus()
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if goal.evaluate("element => element.matches(':focus')"):
                return
        raise AssertionError(f"{_MOST_TABS} presses of Tab did not reach {goal}")

    def card(self, label: str) -> Locator:
        """The answer card of a variant."""
        return self.page.locator(f".st-key-answer-{label}")

    def sees(self, label: str, status: str) -> None:
        """Wait until a card says how its run stands."""
        expect(self.card(label).get_by_role("status")).to_contain_text(status)

    def settle(self) -> None:
        """Wait until a run is over and the page is drawn: until then it may show what has been replaced already."""
        self.page.wait_for_function(
            "!document.querySelector('.st-key-stop')"
            " && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        )

    def answer(self, label: str) -> str:
        """The text of an answer that is there."""
        # A page that is being drawn may have the one before beside it, after the new one.
        return self.card(label).locator(".wb-answer").first.inner_text()

    def choose(self, key: str, name: str) -> None:
        """Press a choice of a segmented control or of pills."""
        self.page.locator(f".st-key-{key} button").filter(has_text=re.compile(f"^{re.escape(name)}$")).click()

    def unfold(self, key: str) -> None:
        """Open an expander, and wait until nothing in it moves: a click on what slides away is none."""
        expander = self.page.locator(f".st-key-{key} details")
        expander.locator("summary").click()
        still = "details => details.open && !details.getAnimations({subtree: true}).length"
        self.page.wait_for_function(still, arg=expander.element_handle())

    def go(self, title: str) -> None:
        """Press a link of the top bar."""
        link = self.page.get_by_role("link", name=title)
        goal = link.evaluate("link => link.href")
        arrived = "goal => location.href.split('?')[0] === goal"
        for _ in range(_MOST_CLICKS):
            self.page.mouse.move(1, 1)  # a tip of what it rests on may lie over the bar
            link.click()
            try:
                self.page.wait_for_function(arrived, arg=goal, timeout=5_000)
                return
            except TooLateError:
                continue  # a page that draws itself anew at this moment wins over the click; a person presses again
        raise AssertionError(f"{_MOST_CLICKS} clicks did not lead to {title}")

    def chips(self) -> Locator:
        """The names of the versions and drafts that can stand in a column."""
        return self.page.locator("[class*=st-key-chosen] button")

    def node(self, name: str) -> Locator:
        """A node of the drawing."""
        return self.page.locator("svg g.node").filter(has=self.page.locator("title", has_text=re.compile(f"^{name}$")))
