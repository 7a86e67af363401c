"""What a pull request says of the evidence for a version: the verdict of a blind review, or that there is none."""

import random
from dataclasses import replace

import pytest

from tests.conftest import LAST_PROMPT, document_of, draft
from tests.test_pull_request import change
from workbench.export.evidence import evidence_of
from workbench.export.pull_request import pull_request_text
from workbench.export.pull_request_change import NOTHING
from workbench.history.history import History
from workbench.history.kept import APP
from workbench.history.recorder import Recorder
from workbench.history.spool import Spool
from workbench.records import Variant
from workbench.review.reviews import Reviews

MINE = draft("v3-draft", last="Shorter.")


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path / "history.db", Spool(tmp_path / "waiting"))
    yield made
    made.close()


@pytest.fixture
def reviewed(make_lab, history):
    """The draft and its base ran on eight documents, and Ada always finds the draft better."""
    lab = make_lab()
    recorder = Recorder(history.record, lab.versions, "summarization", APP, "Ada")
    documents = [document_of(1, f"topic {number}") for number in range(8)]
    job = lab.job(Variant("v3", "v3"), MINE, documents=documents, on_run=recorder.record)
    job.start()
    assert job.wait(30)
    reviews = Reviews(history, random.Random(1))
    review = reviews.create("summarization", ["v3", "v3-draft"], by="Ada")
    for place in reviews.seat(review, "Ada"):
        catch = review.pairs[place.pair].catch
        reviews.vote(review, "Ada", place, "tie" if catch else "left" if place.is_flipped else "right")
    return review


def test_the_verdict_of_a_review_of_these_prompts_is_told(history, reviewed):
    """With its counts and its interval."""
    (sentence,) = evidence_of(history, "summarization", MINE)

    assert "Blind review by 1 person: better (8 won, 0 lost, 0 tied of 8 documents" in sentence
    assert "95 % interval" in sentence


def test_a_review_of_another_text_does_not_count(history, reviewed):
    """A draft that was edited since has no evidence."""
    edited = replace(MINE, templates={LAST_PROMPT: "Longer. {results}"})

    assert evidence_of(history, "summarization", edited) == ()
    assert evidence_of(history, "summarization", replace(MINE, base="v2")) == ()


def test_the_pull_request_carries_the_verdict_or_says_that_there_is_none():
    """In a section of its own; what a person typed stays quiet Markdown."""
    with_it = pull_request_text(change(evidence=("Blind review: better <img> @all",)))
    without = pull_request_text(change())

    assert "## Evidence\n\n- Blind review: better" in with_it
    assert "`<img> @all`" in with_it
    assert f"## Evidence\n\n{NOTHING}" in without
