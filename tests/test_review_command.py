"""python -m workbench review: which reviews there are, and the figures of one, as on the page."""

import json
import shlex

import pytest

from pages.shared import cached
from tests.kept_runs import kept
from tests.pages import shown
from workbench.command_line import main
from workbench.review.reviews import Reviews

pytest_plugins = ["tests.page_fixtures"]

LABELS = ("v1", "v2", "v3")


@pytest.fixture
def review(desk):
    """Three versions on eight documents; Bob finds v2 and v3 better than v1 and says why, Eve decides nothing."""
    runs = [
        kept(f"{number} says {label}", at=100.0 + number, variant=label, base=label, document=f"{number:064x}")
        for number in range(8)
        for label in LABELS
    ]
    cached.history().put(runs)
    reviews = Reviews(cached.history())
    review = reviews.create("summarization", LABELS, by="Ada", title="Which is\x1b[2J best?")
    for reviewer in ("Bob", "Eve"):
        for place in reviews.seat(review, reviewer):
            better = "left" if place.is_flipped else "right"
            reviews.vote(review, reviewer, place, better if reviewer == "Bob" else "tie", ["l"])
    return review


@pytest.fixture
def told(desk, capsys):
    """Runs a command: its exit code, output and error."""

    def run(*words):
        capsys.readouterr()
        code = main(["review", *words])
        return code, *capsys.readouterr()

    return run


def line_on_the_page(desk, review, press=False):
    """The words after `review` in the line beside the figures, and what the page shows."""
    app = desk.open()
    app.query_params["review"], app.query_params["results"] = review.id, "yes"
    app.switch_page("pages/review.py").run()
    if press:
        app.button(key="ask-judge").click().run()
    words = shlex.split(app.code[0].value)
    return words[words.index("review") + 1 :], shown(app), app


def test_the_line_beside_the_figures_gives_them(desk, review, told):
    """Verdicts, ranking, reviewers, agreement and reasons are those of the page."""
    words, page, app = line_on_the_page(desk, review)

    code, written, problem = told(*words, "--json")
    found = json.loads(written)

    assert (code, problem) == (0, "")
    assert len(found["verdicts"]) >= 2
    for own in found["verdicts"]:
        low, high = own["interval"]
        assert f"{own['candidate']} against {own['baseline']}" in page and own["word"] in page
        assert f"{own['count']['wins']} / {own['count']['losses']} / {own['count']['ties']}" in page
        assert f"{low:.0%} to {high:.0%}" in page and f"{own['p']:.3f}" in page
    assert [own["variant"] for own in found["ranking"]] == list(app.dataframe[0].value["Version"])
    assert [own["name"] for own in found["reviewers"]] == ["Bob", "Eve"]
    assert f"{found['agreement']['value']:.2f} ({found['agreement']['measure']}" in page
    assert found["reasons"]["v1"] == {"too long": 16} and found["model"] is None


def test_a_models_judgement_is_given_again_without_a_call(desk, review, told):
    """The line names the model once it was asked; its replies are kept."""
    desk.endpoint.answer = lambda request: '{"better": 1, "reason": "first"}'
    words, _, _ = line_on_the_page(desk, review, press=True)
    asked = len(desk.endpoint.requests)

    code, written, _ = told(*words, "--json")
    model = json.loads(written)["model"]

    assert (code, words[-2:]) == (0, ["--judge", "fake"])
    assert asked and len(desk.endpoint.requests) == asked
    assert model["prefers_a_side"] and model["habits"]["flips"] == model["habits"]["pairs"]
    assert {own["word"] for own in model["verdicts"]} == {"not enough evidence"}


def test_a_review_is_told_as_text_that_steers_no_terminal(desk, review, told):
    """What people typed stays on its line, without control characters."""
    _, listed, _ = told("list")
    code, text, _ = told("show", review.id)

    assert code == 0 and "\x1b" not in listed + text
    assert review.id in listed and len(listed.splitlines()) == 1
    assert "v2 against v1: " in text and "Agreement: " in text and "v1 had: too long 16" in text


def test_what_is_not_there_is_said(desk, told):
    """No review at all, and none of this id: a sentence, another exit code."""
    assert told("list") == (1, "", "There is no review yet; begin one on the page Review.\n")
    code, said, problem = told("show", "nothing")
    assert (code, said) == (2, "") and "There is no review 'nothing'" in problem
