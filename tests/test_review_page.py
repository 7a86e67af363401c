"""The Review page: made, voted on blind, read."""

import pytest

from pages.shared import cached
from tests.kept_runs import kept
from tests.pages import shown
from workbench.review.reviews import Reviews

pytest_plugins = ["tests.page_fixtures"]

LABELS = ("alpha-version", "beta-version")


@pytest.fixture
def answers(desk):
    """Both versions have answered four documents."""
    cached.history().put(
        [
            kept(f"{number} says {place}", at=100.0 + number, variant=label, base=label, document=f"{number:064x}")
            for number in range(4)
            for place, label in enumerate(LABELS)
        ]
    )


def visit(desk, **address):
    """The page at an address."""
    app = desk.open()
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page("pages/review.py").run()


def begun(desk):
    """A review of the two, opened."""
    app = visit(desk)
    app.selectbox(key="review-baseline").set_value(LABELS[0]).run()
    app.multiselect(key="review-candidates").set_value([LABELS[1]]).run()
    return app.button(key="begin-review").click().run()


def everything(app):
    """All that the page sends, widgets included."""
    return repr(app._tree) + shown(app) + "".join(str(own.value) for own in app.markdown)


def test_without_answers_the_page_says_what_to_do(desk):
    """And nothing can be begun."""
    app = visit(desk)

    assert "No review yet" in shown(app)
    assert app.button(key="begin-review").disabled


def test_before_the_vote_no_name_of_a_version_is_on_the_page(desk, answers):
    """Neither in a text nor in a widget."""
    review = begun(desk).query_params["review"]

    page = everything(visit(desk, review=review))

    assert "Answer A" in page
    assert not [label for label in LABELS if label in page]


def test_votes_are_kept_and_the_next_pair_comes(desk, answers):
    """Each with its reasons; an undo brings the pair back."""
    app = begun(desk)
    app.button(key="reason-l").click().run()
    app.button(key="vote-left").click().run()
    app.button(key="vote-tie").click().run()
    reviews = Reviews(cached.history())
    (review,) = reviews.all("summarization")
    first = [(vote.choice, vote.reasons) for vote in reviews.votes(review)]

    app.button(key="undo-vote").click().run()

    assert first == [("left", ("l",)), ("tie", ())]
    assert [vote.choice for vote in reviews.votes(review)] == ["left"]
    assert "1 of 4 pairs" in shown(app)


def test_after_the_last_vote_the_results_name_the_versions(desk, answers):
    """With a verdict, its interval and the reviewer's sides."""
    app = begun(desk)
    for _ in range(4):
        app.button(key="vote-right").click().run()
    said = shown(app)
    app.button(key="to-results").click().run()

    assert "all 4 pairs" in said
    assert "not enough evidence" in shown(app)
    assert "beta-version against alpha-version" in shown(app)
    assert "0 / 4" in str(app.dataframe[0].value)


def test_three_versions_are_put_in_one_order(desk, answers):
    """With their strengths and intervals."""
    cached.history().put(
        [
            kept(f"{n} third", at=300.0, variant="c", base="c", document=f"{n:064x}", document_name=f"{n}.pdf")
            for n in range(4)
        ]
    )
    review = Reviews(cached.history()).create("summarization", [*LABELS, "c"], by="Ada")
    for place in Reviews(cached.history()).seat(review, "Bob"):
        Reviews(cached.history()).vote(review, "Bob", place, "left" if place.is_flipped else "right")

    app = visit(desk, review=review.id, results="yes")

    ranking = app.dataframe[0].value
    assert set(ranking["Version"]) == {*LABELS, "c"}
    assert list(ranking["Strength"]) == sorted(ranking["Strength"], reverse=True)


def test_a_review_that_is_not_there_says_so(desk):
    """With a way back."""
    app = visit(desk, review="nothing")

    assert "There is no review" in shown(app)
    assert app.button(key="back-to-reviews")


def test_a_model_judges_both_orders_and_its_habits_are_told(desk, answers):
    """Our endpoint answers no JSON, so that its replies are unusable, and said to be."""
    review = begun(desk).query_params["review"]

    app = visit(desk, review=review, results="yes")
    app.button(key="ask-judge").click().run()

    assert "Unusable replies" in shown(app)
    assert len(desk.endpoint.requests) == 8
