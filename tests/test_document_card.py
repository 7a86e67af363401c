"""The document of a page without a browser: its reading in the background, its end, and what a new session finds."""

import pytest

from pages.shared import cached
from tests.conftest import until
from tests.pages import Desk, shown
from tests.pdfs import encrypted_pdf, slow_pdf, text_pdf, truncated_pdf

pytest_plugins = ["tests.page_fixtures"]

ENDLESS = slow_pdf(["The first page is read at once."])


@pytest.fixture
def reading(desk):
    """A session that waits for a PDF whose second page takes very long; it is ended in the end."""
    app = desk.upload(desk.open(), "atlas.pdf", ENDLESS)
    job = desk.reading(app)
    assert until(lambda: job.progress is not None and job.progress.page == 1)
    yield app.run(), job
    job.stop()
    assert job.wait(5)


def test_the_page_can_be_used_while_a_pdf_is_read(desk, reading):
    """The chip shows how far the reading is, and a choice made meanwhile is taken."""
    app, job = reading

    app.text_input(key="input-query").set_value("What about seas?").run()

    page = shown(app)
    assert "atlas.pdf" in page
    assert "Reading page 1 of 2" in page
    assert 'aria-valuenow="50"' in page
    assert app.session_state["kept"]["inputs"]["query"] == "What about seas?"
    assert job.live


def test_run_says_that_the_pdf_is_still_read(desk, reading):
    """A press of Run before the end makes no call and tells how far the reading is."""
    app, _ = reading

    app.button(key="run").click().run()

    assert "is not read yet: reading page 1 of 2" in shown(app)
    assert desk.endpoint.requests == []


def test_a_pdf_that_was_read_is_there_without_a_click(desk):
    """The next look after the end shows the chip with pages and chunks, and asks for nothing more."""
    app = desk.bring(desk.open(), "pets.pdf", text_pdf(["Cats sleep all day."] * 3))

    assert "3 pages · 1 KB · 1 chunk" in shown(app)
    assert not app.file_uploader
    assert "reading" not in {name for name, value in app.session_state["kept"].items() if value}


def test_a_new_session_finds_the_reading_again(desk, reading):
    """After a refresh the same reading is shown, and nothing is read twice."""
    _, job = reading

    app = desk.open()

    assert "Reading page 1 of 2" in shown(app)
    assert desk.reading(app) is job


def test_a_reading_goes_on_when_nobody_looks(desk):
    """A PDF that was still being read when its session was left is the document of the next one."""
    job = desk.reading(desk.upload(desk.open(), "moss.pdf", text_pdf(["Moss grows."])))
    assert job.wait(20)

    app = desk.open()

    assert "moss.pdf" in shown(app)
    assert "1 page" in shown(app)


def test_cancel_ends_the_reading_and_offers_the_uploader(desk, reading):
    """The child is gone a moment later; the same PDF can be brought again."""
    app, job = reading

    app.button(key="cancel-reading").click().run()

    assert job.wait(2)
    assert len(app.file_uploader) == 1
    assert list(app.error) == []
    again = desk.reading(desk.upload(app, "atlas.pdf", ENDLESS))
    assert again is not job
    again.stop()
    assert again.wait(5)


def test_two_people_share_a_reading_and_each_may_leave_it(desk, reading):
    """The same bytes under another name are one reading; when the first cancels, the second's goes on."""
    app, job = reading
    theirs = Desk(desk.home, desk.endpoint)

    other = theirs.upload(theirs.open(), "maps.pdf", ENDLESS)
    shared = theirs.reading(other) is job
    app.button(key="cancel-reading").click().run()

    assert shared
    assert job.live
    assert "maps.pdf" in shown(other.run())
    assert "atlas.pdf" not in shown(other)


def test_another_tab_says_that_the_reading_was_cancelled(desk, reading):
    """Of two tabs of one browser, the one in which nobody pressed Cancel tells why the reading is gone."""
    app, _ = reading
    other = desk.open()

    app.button(key="cancel-reading").click().run()

    assert "Reading atlas" in other.run().error[0].value
    assert "was stopped" in other.error[0].value


def test_a_reading_whose_process_is_gone_says_so(desk, reading):
    """After a restart the page asks for the PDF again, once."""
    desk.forget_all()

    app = desk.open()

    assert "was interrupted" in app.error[0].value
    assert len(app.file_uploader) == 1
    assert list(desk.open().error) == []


def test_a_pdf_that_can_not_be_read_says_why(desk):
    """The message names the file and the reason, and the uploader is back."""
    app = desk.bring(desk.open(), "half.pdf", truncated_pdf())

    assert "is damaged or not a PDF" in app.error[0].value
    assert len(app.file_uploader) == 1


def test_a_locked_pdf_opens_with_its_password(desk):
    """The page asks for the password, refuses a wrong one, and shows the document after the right one."""
    app = desk.bring(desk.open(), "vault.pdf", encrypted_pdf(["The vault holds a letter."], "sesame"))
    asked = app.error[0].value

    refused = unlocked(desk, app, "wrong").error[0].value
    unlocked(desk, app, "sesame")

    assert "needs a password" in asked
    assert "does not open" in refused
    assert "vault.pdf" in shown(app)
    assert "1 page" in shown(app)


def unlocked(desk, app, password):
    """The page after a password was tried."""
    app.text_input(key="password").set_value(password)
    next(button for button in app.button if button.label == "Open").click().run()
    assert desk.reading(app).wait(20)
    return app.run()


def test_a_document_that_was_removed_can_be_brought_again(desk):
    """The same bytes under another name are the document again at once, without another reading."""
    pdf = text_pdf(["Cats sleep all day."])
    app = desk.bring(desk.open(), "pets.pdf", pdf)
    read = cached.readings().find(app.session_state["kept"]["document"]["sha256"])
    app.button(key="remove-document").click().run()

    desk.upload(app, "cats.pdf", pdf)

    assert "cats.pdf" in shown(app)
    assert "1 page" in shown(app)
    assert cached.readings().find(app.session_state["kept"]["document"]["sha256"]) is read
