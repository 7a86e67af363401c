"""The document of a page without a browser: its reading in the background, its end, and what a new session finds."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import cached
from tests.conftest import until
from tests.pages import Desk, place, shown
from tests.pdfs import encrypted_pdf, slow_pdf, text_pdf, truncated_pdf
from workbench import settings

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
    assert app.session_state["kept"][place("inputs")]["query"] == "What about seas?"
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


def test_a_text_is_the_document_at_once(desk):
    """A letter needs no reading in the background; its chip has its size and chunks, and no pages."""
    app = desk.open()

    app.file_uploader[0].upload("letter.txt", "Dear Ada, the trees are well.".encode("utf-16"), "text/plain").run()

    assert until(lambda: "1 chunk" in shown(app.run()))
    assert "letter.txt" in shown(app)
    assert "1 KB · 1 chunk" in shown(app)
    assert cached.document(**app.session_state["kept"]["document"]).kind == "text"


def test_a_file_that_is_not_what_its_name_says_says_why(desk):
    """The message names the file and the place, and the uploader is back."""
    app = desk.open()

    app.file_uploader[0].upload("letter.txt", b"\x00\xff", "text/plain").run()

    assert "byte 0xff at offset 1" in app.error[0].value
    assert len(app.file_uploader) == 1


STOCK = """
def first_item(stock: list[dict]) -> str:
    return stock[0]["item"]
"""
MENU = """
def first_dish(menu: dict) -> str:
    return menu["dishes"][0]
"""
TIMES = """
def hours_left(hours: int) -> str:
    return str(24 - hours)
"""


@pytest.fixture
def shop(tmp_path):
    """A project whose three dataflows take a table, an object, and no document."""
    root = tmp_path / "shop"
    root.mkdir()
    said = ['[dataflows.stock]\nmodules = ["stock"]\ndocument = "stock"\n']
    said += ['[dataflows.menu]\nmodules = ["menu"]\ndocument = "menu"\n', '[dataflows.times]\nmodules = ["times"]\n']
    (root / "workbench.toml").write_text("\n".join(said), encoding="utf-8")
    for name, source in {"stock": STOCK, "menu": MENU, "times": TIMES}.items():
        (root / f"{name}.py").write_text(source, encoding="utf-8")
    settings.open_project(root)
    yield root
    settings.open_project(settings.ROOT)


def card_alone():
    """A page of nothing but the card; it says of which kind the document is."""
    import streamlit as st

    from pages.shared import awaited, state
    from pages.shared.document_card import document_card

    state.enter()
    document = document_card(None)
    st.text(f"kind {document.kind} of {document.name}" if document else awaited.why_no_document())


@pytest.fixture
def card(desk, shop):
    """A session of the card alone, with another dataflow on the bench."""

    def open_card(dataflow):
        app = AppTest.from_function(card_alone, default_timeout=30)
        app.session_state["workspace"] = desk.id
        app.session_state["kept"] = {**cached.workspaces().read(desk.id), "dataflow": dataflow}
        return app.run()

    return open_card


def test_the_uploader_takes_what_the_dataflow_can_take(card):
    """A list of objects is JSON or a table, an object is JSON; the sample PDF is offered to neither."""
    stock, menu = card("stock"), card("menu")

    assert [(app.file_uploader[0].label, list(app.file_uploader[0].proto.type)) for app in (stock, menu)] == [
        ("JSON or CSV", [".json", ".jsonl", ".ndjson", ".csv", ".tsv"]),
        ("JSON", [".json", ".jsonl", ".ndjson"]),
    ]
    assert "Add JSON first." in shown(menu)
    assert not stock.button


def test_a_table_s_chip_counts_its_rows(card):
    """Rows stand where a PDF has its pages."""
    app = card("stock")

    app.file_uploader[0].upload("stock.csv", b"item,price\nlamp,12\nbed,99\n", "text/csv").run()

    assert "2 rows · 1 KB" in shown(app)
    assert "kind table of stock.csv" in shown(app)


def test_a_document_that_the_dataflow_can_not_take_stays_for_the_others(card):
    """Another dataflow asks for its own kind and says why; the first one still has its table."""
    stock = card("stock")
    stock.file_uploader[0].upload("stock.csv", b"item,price\nlamp,12\n", "text/csv").run()

    menu, again = card("menu"), card("stock")

    assert "is a table; this dataflow takes another kind" in shown(menu)
    assert len(menu.file_uploader) == 1
    assert "kind table of stock.csv" in shown(again)


def test_a_dataflow_without_a_document_asks_for_none(card):
    """There is no uploader, and a run needs nothing more."""
    app = card("times")

    assert "reads no document" in shown(app)
    assert not app.file_uploader
    assert "no document" in shown(app)
