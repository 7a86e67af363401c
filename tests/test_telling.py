"""Claims about dataflows.telling."""

import pytest

from dataflows.telling import telling_sentences
from dataflows.tokens import count_tokens

ON_TOPIC = [
    "The dataflow engine runs each function of the pipeline as a node of one graph.",
    "Teams test every function of the dataflow graph alone, because a node is a plain function.",
    "A change of one function in the pipeline is reviewed like any other change of the dataflow.",
]
ASIDE = "Somebody once brought a green umbrella along although nobody expected rain that afternoon."
OTHER_ASIDE = "Later everyone drank coffee upstairs while two painters quietly repaired the broken window."
TEXT = " ".join([ON_TOPIC[0], ASIDE, ON_TOPIC[1], "It was so.", OTHER_ASIDE, ON_TOPIC[2], ""])


def test_a_text_that_fits_comes_back_unchanged():
    """Nothing is picked where nothing needs to be left out."""
    text = "Short.\n\nAnd to  the point [1]."

    assert telling_sentences(text, 50) == text


def test_sentences_on_the_topic_are_picked_in_their_order():
    """Sentences whose words are frequent in the text stay, the asides go, and the order is the text's."""
    told = telling_sentences(TEXT, 60)

    assert told == " ".join(ON_TOPIC)


@pytest.mark.parametrize("max_tokens", [8, 20, 40, 100, 320])
@pytest.mark.parametrize(
    "text", [TEXT * 30, "日本語の文書を要約する方法を説明します。" * 300, "x" * 9_000, "1 2 3\n" * 900]
)
def test_what_is_told_is_within_the_limit_and_never_nothing(text, max_tokens):
    """Any text gives something, and never more than the limit."""
    told = telling_sentences(text, max_tokens)

    assert told
    assert count_tokens(told) <= max_tokens


def test_references_numbers_and_citations_are_left_out():
    """What follows the heading of references tells nothing, nor does a row of numbers or a list of citations."""
    noise = "\n12.5 33.1 (4) 77 % 19 ± 3 = 22\nsee Ford et al. [3], Hill et al. [4], doi 10.1/xyz, pp. 3\n"
    references = "\nREFERENCES\n" + "Miller, A. Dataflow graph function pipeline node. Journal of Graphs, 2021.\n" * 9

    told = telling_sentences(TEXT * 3 + noise + TEXT + references, 200)

    assert "Miller" not in told
    assert "33.1" not in told
    assert "et al" not in told
    assert ON_TOPIC[0] in told


def test_the_same_text_is_told_the_same_way():
    """Two calls give one result: ties are broken by place, not by chance."""
    text = " ".join(f"Alpha beta gamma delta number{chr(97 + i % 26)}." for i in range(200))

    assert telling_sentences(text, 60) == telling_sentences(text, 60)


def test_a_repeated_sentence_is_told_once():
    """A running head that stands on every page takes its place once."""
    told = telling_sentences(f"{ON_TOPIC[0]} {ASIDE} " * 40, 60)

    assert told.count(ON_TOPIC[0]) == 1
