"""Blindness in a real browser: what the page and the wire carry before a vote, and the keys that vote."""

import pytest
from playwright.sync_api import expect

from tests.browser import App
from tests.endpoint import FakeEndpoint
from tests.kept_runs import kept
from workbench.history.history import History
from workbench.history.spool import Spool
from workbench.review.reviews import Reviews

pytest_plugins = ["tests.browser_fixtures"]
pytestmark = pytest.mark.browser

LABELS = ("alpha-version", "beta-version")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with FakeEndpoint() as endpoint:
        app = App(tmp_path_factory.mktemp("app"), endpoint)
        app.start()
        try:
            yield app
        finally:
            app.kill()


def test_before_a_vote_neither_page_nor_socket_carries_a_name(served, visit):
    """Keys 1, 2 and 0 vote, Backspace takes back; only the results tell whose answers they were."""
    served.home.mkdir(exist_ok=True)
    history = History(served.home / "history.db", Spool(served.home / "runs-waiting"))
    history.put(
        [
            kept(f"text {number}{place}", at=100.0, variant=label, base=label, document=f"{number:064x}")
            for number in range(3)
            for place, label in enumerate(LABELS)
        ]
    )
    review = Reviews(history).create("summarization", LABELS, by="Ada")
    visitor = visit("/")
    page, frames = visitor.page, []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(data)))

    visitor.visit(f"/review?review={review.id}")
    expect(page.get_by_text("0 of 3 pairs")).to_be_visible()
    expect(page.get_by_text("Answer B")).to_be_visible()
    expect(page.get_by_role("button", name="off the question")).to_be_visible()
    sent = [frame if isinstance(frame, bytes) else frame.encode() for frame in frames]
    shown = page.content()
    for key, progress in (("1", "1 of 3"), ("2", "2 of 3"), ("Backspace", "1 of 3"), ("0", "2 of 3"), ("1", "all 3")):
        page.keyboard.press(key)
        expect(page.get_by_text(progress)).to_be_visible()
    page.get_by_role("button", name="Results").click()

    assert b"Answer A" in b"".join(sent)
    for label in LABELS:
        assert label.encode() not in b"".join(sent)
        assert label not in shown
    expect(page.get_by_text("beta-version against alpha-version").first).to_be_visible()
    history.close()
