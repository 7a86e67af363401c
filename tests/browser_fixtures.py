"""A server, a Chromium and visitors, as fixtures; a test file has them by pytest_plugins.

They live as long as a module: Playwright keeps an event loop running in this thread, under which the tests of other
modules could run none of their own.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium
from tests.browser import PATIENCE_MS, App, Visitor
from tests.endpoint import FakeEndpoint


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[App]:
    """The app and its endpoint, for all tests of a module."""
    with FakeEndpoint(latency=0.02, tokens_per_second=60.0) as endpoint:
        app = App(tmp_path_factory.mktemp("app"), endpoint)
        app.start()
        try:
            yield app
        finally:
            app.kill()


@pytest.fixture(scope="module")
def browser(served) -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium.find()
    assert path, "There is no Chromium. Run python -m tests.chromium first."
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)


@pytest.fixture
def app(served) -> Iterator[App]:
    """The app; in the end its endpoint answers well again and exported versions are gone."""
    answer, fault = served.endpoint.answer, served.endpoint.fault
    versions = set(served.prompts.iterdir())
    yield served
    served.endpoint.answer, served.endpoint.fault = answer, fault
    for path in set(served.prompts.glob("*.py")) - versions:
        path.unlink()


@pytest.fixture(scope="module")
def idle() -> list[Visitor]:
    """Visitors whose tests are over, and who have forgotten them."""
    return []


@pytest.fixture
def visit(browser, app, idle) -> Iterator[Callable[[str], Visitor]]:
    """Sends a new visitor to a path; in the end no page of theirs may have done what it should not."""
    visitors: list[Visitor] = []

    def sent(path: str = "/") -> Visitor:
        visitors.append(idle.pop() if idle else Visitor(browser, app))
        visitors[-1].visit(path)
        return visitors[-1]

    yield sent
    assert [fault for visitor in visitors for fault in visitor.leave()] == []
    for visitor in visitors:
        visitor.forget()
        idle.append(visitor)


@pytest.fixture
def visitor(visit) -> Visitor:
    """A visitor on the Workbench, whose editors are there."""
    came = visit()
    expect(came.editor(2)).to_be_visible()
    return came
