import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflows.citations import citations_in, unsupported
from tests.hostile import any_text

GIVEN = {2: "Fire is not allowed. It costs 2.40 or 1,200 for 48 people.", 3: "Gusts of 17 metres."}


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("So it is [p. 3].", [3]),
        ("So it is (pp. 3–5).", [3, 4, 5]),
        ("So it is [p. 3, 5 and 7].", [3, 5, 7]),
        ("So it is [p.3] [P. 4]; [p. 3].", [3, 4]),
        ("As page 3 says.", [3]),
        ("On pages 3 to 4.", [3, 4]),
        ("そうです【３ページ】。", [3]),
        ("[pp. 5-3]", [5, 3]),
        ("[p. 1-999999]", [1, 999999]),
        ("[p. 1234567890]", []),
        ("Step 3. It is up 3.", []),
        ("The ship 3 and [3].", []),
    ],
)
def test_citations_are_read_as_people_write_them(text, pages):
    """Brackets, ranges, lists, words; numbers without a page before or behind them are none."""
    found = [page for citation in citations_in(text) for page in citation.pages]

    assert list(dict.fromkeys(found)) == pages


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_every_cited_page_is_given_or_named(pages):
    """Whatever is cited: a page that was not given is in a sentence, and one that was is in none."""
    answer = " ".join(f"Something [p. {page}]." for page in pages)

    text = " ".join(unsupported(answer, GIVEN, 7))

    assert {page for page in range(1, 10) if f"p. {page} " in text} == set(pages) - {2, 3}


def test_a_page_that_was_not_given_and_one_that_does_not_exist_are_told_apart():
    """Each is named once, with what was given or how many there are."""
    assert unsupported("A [p. 4]. B [p. 9]. C [p. 4].", GIVEN, 7) == [
        "p. 4 was not among the pages given (2, 3)",
        "p. 9 does not exist: the document has 7",
    ]


def test_an_answer_without_a_citation_is_not_supported():
    """It may be right, but nobody can look it up."""
    assert unsupported("Fire is not allowed.", GIVEN, 7) == ["no page is cited"]


def test_a_figure_has_to_stand_on_the_page_that_is_cited_for_it():
    """However it is written there; another page's figure does not count, the number of a list's item is none."""
    right = "1. It costs 2.4 [p. 2].\n2. For forty-eight, or 48, it is 1200 (p. 2). Gusts of 17 [p. 2] [p. 3]."

    assert unsupported(right, GIVEN, 7) == []
    assert unsupported("Gusts of 17 [p. 2].", GIVEN, 7) == ["17 does not stand on p. 2"]
    assert unsupported("It costs 2.50 [p. 2].", GIVEN, 7) == ["2.50 does not stand on p. 2"]


@given(any_text())
def test_any_answer_is_checked(answer):
    """Nothing that a model can write raises."""
    unsupported(answer, GIVEN, 7)


@pytest.mark.parametrize(
    "piece", ["p. ", "[p. 1", "1, ", "pp. 1-", "1 and ", "p" * 50, "１ページ", "7 on p. 2, ", "(p. 2 "]
)
def test_a_long_answer_is_checked_at_once(piece):
    """The time grows with the length, whatever it is made of."""
    start = time.perf_counter()
    unsupported(piece * (20_000 // len(piece)), GIVEN, 7)

    assert time.perf_counter() - start < 1
