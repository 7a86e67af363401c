import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import any_text, hostile_prompts
from workbench.comparison.diffing import SENTENCES_ONLY, Change, counts, diff_words
from workbench.comparison.matching import Hunk, matched

WORDS = ["".join(random.Random(seed).choices("etaoinshrdlu", k=seed % 8 + 2)) for seed in range(2000)]
CHARACTERS = [chr(0x4E00 + 7 * index) for index in range(1500)] + list("のにはをがでとする") * 40


def left_of(changes):
    return "".join(change.text for change in changes if change.kind != "added")


def right_of(changes):
    return "".join(change.text for change in changes if change.kind != "removed")


def as_marks(changes):
    brackets = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(brackets[change.kind].format(change.text) for change in changes)


def prose(units, blank, stop, characters, seed):
    choice = random.Random(seed)
    text = []
    while sum(map(len, text)) < characters:
        text += [blank.join(choice.choices(units, k=choice.randint(8, 30))) + stop for _ in range(200)]
    return "".join(text)[:characters]


def edited(text, units, share, seed):
    choice = random.Random(seed)
    pieces = text.split(" ") if " " in text else list(text)
    changed = [choice.choice(units) if choice.random() < share else piece for piece in pieces]
    return (" " if " " in text else "").join(changed)


@given(any_text(80), any_text(80))
def test_the_pieces_rebuild_both_texts(left, right):
    """Joined, same and removed pieces are the left text, same and added ones the right text."""
    changes = diff_words(left, right)

    assert (left_of(changes), right_of(changes)) == (left, right)
    assert all(change.text for change in changes)


@given(st.lists(st.sampled_from(["cat", " ", "dog", ". ", "\n", "猫", "。", "\r\n", "a"]), max_size=60), st.data())
def test_the_pieces_rebuild_edited_texts(pieces, data):
    """The law holds too for texts that have much in common."""
    places = data.draw(st.sets(st.integers(0, 59), max_size=8))
    other = ["X" if place in places else piece for place, piece in enumerate(pieces)]

    changes = diff_words("".join(pieces), "".join(other))

    assert (left_of(changes), right_of(changes)) == ("".join(pieces), "".join(other))


def test_hostile_texts_of_any_length_are_rebuilt():
    """Hostile prompts, two of 100,000 characters among them, are rebuilt by their difference to one another."""
    prompts = hostile_prompts(251, seed=3)

    for left, right in [*pairwise(prompts), (prompts[0], prompts[250])]:
        changes = diff_words(left, right)
        assert (left_of(changes), right_of(changes)) == (left, right)


@pytest.mark.parametrize("text", ["", "One.", "猫。\n\n犬。"])
def test_equal_texts_have_no_change(text):
    """The difference of a text to itself is the text."""
    assert diff_words(text, text) == ([Change("same", text)] if text else [])


@pytest.mark.parametrize(
    ("left", "right", "marks"),
    [
        ("", "new", "[+new+]"),
        ("Read the old text.", "Read the new text.", "Read the [-old-][+new+] text."),
        ("Use key points.", "Use all key points.", "Use [+all +]key points."),
        ("これは論文の要約です。", "これは契約書の要約です。", "これは[-論文-][+契約書+]の要約です。"),
        ("テスト済み", "テスト前", "テスト[-済み-][+前+]"),
        ("cafe\u0301 noir", "cafe noir", "[-cafe\u0301-][+cafe+] noir"),
        ("Nothing alike here.", "Quite another text!", "[-Nothing alike here.-][+Quite another text!+]"),
    ],
)
def test_changes_are_words_or_characters(left, right, marks):
    """English changes by words, Japanese by characters; combining marks stay with their letter."""
    assert as_marks(diff_words(left, right)) == marks


def test_changes_with_only_a_blank_between_them_are_one():
    """Two neighbouring words that both change are one change."""
    changes = diff_words("Please keep every old rule of this team.", "Please keep every strict law of this team.")

    assert as_marks(changes) == "Please keep every [-old rule-][+strict law+] of this team."


@pytest.mark.parametrize("end", [". ", "! ", '." ', "\n", "。", "。」"])
def test_no_change_reaches_over_a_sentence_end_or_a_newline(end):
    """Changes at both sides of a sentence's end stay two."""
    changes = diff_words(f"We have one cat{end}two dogs we have", f"We have one bat{end}ten dogs we have")

    assert as_marks(changes) == f"We have one [-cat-][+bat+]{end}[-two-][+ten+] dogs we have"


def test_of_very_long_texts_whole_sentences_are_marked():
    """Beyond the limit a changed word marks its sentence."""
    tail = "Same here. " * (SENTENCES_ONLY // 11 + 1)

    changes = diff_words(f"One old word. {tail}", f"One new word. {tail}")

    assert [change.text for change in changes[:2]] == ["One old word. ", "One new word. "]


def test_counts_are_words_and_of_japanese_characters():
    """counts gives removed and added words; punctuation and blanks are none."""
    changes = [Change("same", "Not these."), Change("removed", "two words, "), Change("added", "三文字 and one!")]

    assert counts(changes) == (2, 5)


@pytest.mark.parametrize(("units", "blank", "stop"), [(WORDS, " ", ". "), (CHARACTERS, "", "。")])
def test_a_long_text_with_many_edits_is_compared_at_once(units, blank, stop):
    """100,000 characters with every twentieth word changed take well under two seconds and keep most of the text."""
    left = prose(units, blank, stop, 100_000, seed=1)
    right = edited(left, units, 0.05, seed=2)

    start = time.process_time()
    changes = diff_words(left, right)
    seconds = time.process_time() - start

    assert seconds < 2
    assert sum(len(change.text) for change in changes if change.kind == "same") > 80_000


@pytest.mark.parametrize("piece", ["\n", ".", ". ", "a b ", "猫", '.")'])
def test_no_repeated_piece_makes_it_slow(piece):
    """100,000 characters of one piece against another number of them take well under three seconds."""
    many = piece * (100_000 // len(piece))

    start = time.process_time()
    changes = diff_words(many, "x " + many[: len(many) // 2] + "y")
    seconds = time.process_time() - start

    assert seconds < 3
    assert left_of(changes) == many


def test_sequences_too_long_to_be_matched_are_one_change_between_their_equal_ends():
    """Memory is bounded: 22,000 pieces against 22,000 others are not matched piece by piece."""
    left = ["head ", *["x", "y"] * 11_000, " tail"]
    right = ["head ", *["y", "z"] * 11_000, " tail"]

    hunks = matched(left, right)

    assert hunks == [Hunk("", "", "head "), Hunk("xy" * 11_000, "yz" * 11_000, " tail")]
