"""The History page: lists, one run, two runs, and who made an output."""

import json

import pytest

from pages.shared import cached
from tests.conftest import LAST_PROMPT
from tests.kept_runs import kept
from tests.pages import Desk, chosen, shown
from workbench.history.downloads import download
from workbench.history.kept import Filters

pytest_plugins = ["tests.page_fixtures"]


def visit(desk, **address):
    """The page at an address."""
    app = desk.open()
    for name, value in address.items():
        app.query_params["with" if name == "other" else name] = value
    return app.switch_page("pages/history.py").run()


def table(app):
    """The list's rows."""
    return app.dataframe[0].value.to_dict("records")


def ran(desk, templates=None):
    """Rows of the history after a run of the Workbench, by their variants."""
    desk.lay_document()
    if templates:
        desk.lay_draft("v3", templates)
    desk.run_to_the_end(desk.open())
    return {row.variant: row for row in cached.history().runs().rows}


def test_an_empty_history_says_what_comes_here(desk):
    """And has no list."""
    app = visit(desk)

    assert "No run is kept yet" in shown(app)
    assert not app.dataframe


def test_runs_of_the_workbench_stand_in_the_list(desk):
    """With their documents, versions, models, figures and who ran them."""
    ran(desk)

    rows = table(visit(desk))

    assert sorted(row["Version"] for row in rows) == ["v1", "v2", "v3"]
    assert {row["Document"] for row in rows} == {"gardens.pdf"}
    assert {row["Status"] for row in rows} == {"Done"}
    assert all(row["Who"] and row["Inputs"] for row in rows)


def test_filters_are_in_the_address(desk):
    """A list is narrowed by its address, and a changed field changes the address."""
    cached.history().put([kept("a", variant="v1"), kept("b", variant="v2", base="v2", status="failed")])

    app = visit(desk, version="v2")
    narrowed = [row["Version"] for row in table(app)]
    app.selectbox(key="history-status").set_value("done").run()

    assert narrowed == ["v2"]
    assert app.query_params["status"] == "done"
    assert "No run is like that" in shown(app)
    app.button(key="clear-filters").click().run()
    assert len(table(app)) == 2


@pytest.mark.parametrize(
    "address",
    [{"from": "yesterday", "cost": "much", "status": "?", "at": "x"}, {"q": "'\" OR *"}, {"to": "9999-12-31"}],
)
def test_an_address_that_makes_no_sense_is_shown_as_far_as_it_does(desk, address):
    """No exception, whatever somebody types."""
    cached.history().put([kept()])

    shown(visit(desk, **address))


def test_a_run_is_shown_as_it_was(desk):
    """Its prompts and answer; its steps, calls and the world on their own views."""
    rows = ran(desk, {LAST_PROMPT: "Only this: {results}"})
    row = rows["v3-draft"]

    app = visit(desk, run=row.id)
    codes = [code.value for code in app.code]
    worlds = [code.value for code in visit(desk, run=row.id, tab="World").code]

    assert "Only this: {results}" in codes
    assert cached.history().open(row.id).run.output in codes
    assert f"python -m workbench reproduce {row.id}" in worlds
    assert len(visit(desk, run=row.id, tab="Calls").dataframe[0].value) == 2
    assert visit(desk, run=row.id, tab="Steps").selectbox(key=f"step-node-{row.seq}").options


def test_an_answer_is_one_click_from_its_run(desk):
    """The address that the card leads to opens the run of that variant."""
    row = ran(desk)["v2"]

    app = visit(desk, experiment=row.experiment, variant="v2", repetition="0", document=row.document)

    assert cached.history().open(row.id).run.output in [code.value for code in app.code]


def test_two_runs_are_held_against_each_other(desk):
    """What was different for them, and each prompt word by word."""
    rows = ran(desk)

    app = visit(desk, run=rows["v1"].id, other=rows["v3"].id)

    (differs,) = [frame.value.to_dict("records") for frame in app.dataframe]
    assert [row[""] for row in differs] == ["Version"]
    assert "wb-" in shown(app)


def test_prompts_of_a_run_go_back_on_the_bench(desk):
    """As a draft, when no version is what ran."""
    row = ran(desk, {LAST_PROMPT: "Only this: {results}"})["v3-draft"]
    fresh = Desk(desk.home, desk.endpoint)

    app = visit(fresh, run=row.id)
    app.button(key="revive").click().run()
    bench = fresh.open()

    assert "v3-draft" in chosen(bench)


def test_star_name_and_note_are_kept(desk):
    """And found again by the starred filter."""
    row = ran(desk)["v1"]

    app = visit(desk, run=row.id)
    app.button(key="star").click().run()
    app.text_input(key=f"name-{row.seq}").set_value("the good one").run()
    app.text_input(key=f"note-{row.seq}").set_value("see page 3").run()

    (found,) = cached.history().runs(Filters(starred=True)).rows
    assert (found.id, found.name, found.note) == (row.id, "the good one", "see page 3")
    assert "the good one" in shown(app)


def test_deleting_a_run_says_what_goes_along(desk):
    """Then it is gone, and the list is shown."""
    row = ran(desk)["v1"]

    app = visit(desk, run=row.id)
    said = " ".join(own.value for own in app.markdown)
    app.button(key="delete-run-for-good").click().run()

    assert "1 run and" in said
    assert row.id not in [own.id for own in cached.history().runs().rows]
    assert "1 run deleted" in shown(app)


def test_a_run_that_is_gone_says_so(desk):
    """With a way back."""
    app = visit(desk, run="nothing")

    assert "has no run" in shown(app)
    assert app.button(key="back-to-all")


def test_a_pasted_answer_leads_to_its_run_and_prompts(desk):
    """Also a part of it; and what nobody made says so."""
    row = ran(desk)["v2"]
    output = cached.history().open(row.id).run.output

    app = visit(desk, view="output")
    app.text_area(key="pasted").set_value(output[3:40]).run()

    assert app.button(key=f"open-{row.seq}")
    app.text_area(key="pasted").set_value("nobody ever said so").run()
    assert "No run gave that" in shown(app)


def test_texts_of_runs_are_never_read_as_markup(desk):
    """Names, labels and errors stand as they are."""
    hostile = "**x** <img src=x onerror=alert(1)> $y$"
    run = kept(hostile, variant=hostile, error=hostile, document_name=hostile, person=hostile, status="failed")
    cached.history().put([run])

    for app in (visit(desk), visit(desk, run=run.id), visit(desk, view="output")):
        assert "<img" not in "".join(str(own.value) for own in [*app.html, *app.markdown])
        shown(app)


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_list_is_exported(desk, form):
    """With prompts and answers; a spreadsheet runs nothing of it."""
    cached.history().put([kept("=1+1", at=1.0), kept("\ud83d lone", at=2.0)])

    data = download(cached.history(), Filters(), form)

    if form == "json":
        assert [row["output"] for row in json.loads(data)] == ["\ud83d lone", "=1+1"]
    else:
        assert len(data) > 100
    if form == "csv":
        assert "'=1+1" in data.decode("utf-8-sig")
