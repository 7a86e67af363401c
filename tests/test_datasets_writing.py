"""Datasets are written whole: what wasn't edited stays as it was typed, and nobody's change is lost."""

import hypothesis
import hypothesis.strategies as st
import pytest

from workbench.assertions.nouns import Assertion
from workbench.datasets.adding import add_case, suggested_assertions
from workbench.datasets.editing import edited_text
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case
from workbench.datasets.reading import cases_in_text, open_dataset
from workbench.datasets.table import cases_of, rows_of
from workbench.datasets.writing import save_cases

TYPED = """\
# what it is about
description: pets  # a word

cases:
    # the first one
    - name: "dogs"   # typed so
      inputs: { query: 'q' }

    # of cats
    - name: cats
      assert: [{type: contains, value: purr}]
    - name: birds
# the end
"""


def cases(text):
    return list(cases_in_text(text, "cases.yaml")[0])


@pytest.fixture
def places(tmp_path):
    (tmp_path / "set").mkdir()
    return tmp_path / "set" / "cases.yaml", tmp_path, tmp_path / "home"


def test_an_edit_leaves_the_rest_as_it_was_typed():
    """Changing the second case rewrites its lines only: comments, quotes and indents of the others stay."""
    dogs, _, birds = cases(TYPED)
    louder = Case("cats", "", {}, (Assertion("contains", "PURR"),), tags=("loud",))

    text = edited_text(TYPED, [dogs, louder, birds], "cases.yaml")

    assert text == TYPED.replace(
        "    - name: cats\n      assert: [{type: contains, value: purr}]\n",
        "    - name: cats\n      tags:\n        - loud\n"
        "      assert:\n        - type: contains\n          value: PURR\n",
    )
    assert cases(text) == [dogs, louder, birds]


def test_cases_are_added_removed_and_moved():
    """A new one comes at the end; one that goes takes its comment along; moved ones bring theirs."""
    dogs, cats, birds = cases(TYPED)

    more = edited_text(TYPED, [dogs, cats, birds, Case("fish")], "cases.yaml")
    fewer = edited_text(TYPED, [dogs, birds], "cases.yaml")
    moved = edited_text(TYPED, [cats, dogs, birds], "cases.yaml")

    assert more == TYPED + "    - name: fish\n"
    assert "cats" not in fewer and "# the first one" in fewer and "# the end" in fewer
    assert moved.index("# of cats") < moved.index("# the first one")
    assert edited_text(TYPED, [dogs, cats, birds], "cases.yaml") == TYPED


def test_what_can_not_be_cut_is_written_anew():
    """Cases in braces become a list with the same cases, and the comment at the top stays."""
    text = edited_text("# top\ncases: [{name: a}, {name: b}]\n", [Case("a"), Case("c")], "cases.yaml")

    assert text == "# top\ncases:\n  - name: a\n  - name: c\n"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t:#-'\"{}[]&*!|>%@`"), max_size=40)
ODD = st.sampled_from(
    ["yes", "0o17", "1e3", "010", "~", "", "null", "2024-01-01", "1:30", "=", "<<", "- a", "a: b", " x "]
)
VALUES = TEXTS | ODD | st.integers(-(10**9), 10**9) | st.booleans() | st.floats(-1e9, 1e9)


@hypothesis.given(st.dictionaries(st.text("abc_", min_size=1, max_size=4), VALUES, max_size=3), TEXTS | ODD, VALUES)
@hypothesis.settings(max_examples=100)
def test_what_is_written_is_read_as_it_was(inputs, text, value):
    """Any texts, numbers and truth values come back out of the file as what they were: "yes" is a text, 010 too."""
    wanted = Case("a", "", inputs, (Assertion("equals", text), Assertion("equals", value, weight=0.5)))

    (found,) = cases(edited_text(TYPED.split("    - name: birds")[0], [wanted], "cases.yaml"))

    assert found == wanted
    assert [type(own) for own in found.inputs.values()] == [type(own) for own in inputs.values()]


def test_a_file_changed_meanwhile_is_not_written_over(places):
    """Who opened the file before somebody else wrote it is refused, and the other's text stays."""
    path, root, home = places
    path.write_text(TYPED, encoding="utf-8")
    opened = open_dataset(path, root, home)
    path.write_text(TYPED + "    - name: theirs\n", encoding="utf-8")

    with pytest.raises(DatasetError, match="by somebody else"):
        save_cases(path, [Case("mine")], root, home, file_sha256=opened.file_sha256)

    assert path.read_text("utf-8").endswith("theirs\n")
    assert [own.name for own in path.parent.iterdir()] == ["cases.yaml"]


def test_promptfoos_tests_are_never_written(places):
    """A file of tests is refused as a target, and stays as it is."""
    path, root, home = places
    path.write_text("tests: [{description: a}]\n", encoding="utf-8")
    opened = open_dataset(path, root, home)

    with pytest.raises(DatasetError, match="read and never written"):
        save_cases(path, [Case("b")], root, home, file_sha256=opened.file_sha256)

    assert path.read_text("utf-8") == "tests: [{description: a}]\n"


def test_a_document_and_an_answer_become_a_case(places):
    """The file is made with the document beside it; the same document is not put there twice, another of its name is;
    a name that is taken gets a number."""
    path, root, home = places
    given = {"inputs": {"query": "q"}, "assertions": suggested_assertions("Four words are here"), "tags": ["new"]}

    add_case(path, root, home, name="a", document=("../../pets.txt", b"Dogs"), **given)
    add_case(path, root, home, name="a", document=("other.txt", b"Dogs"), **given)
    found = add_case(path, root, home, name="b", document=("C:\\docs\\pets.txt", b"Cats"), **given).dataset
    last = add_case(path, root, home, name="c", document=None, **given).case

    assert [(own.name, own.document) for own in found.cases] == [
        ("a", "pets.txt"),
        ("a (2)", "pets.txt"),
        ("b", "pets-2.txt"),
    ]
    assert found.cases[0].assertions == (
        Assertion("is-refusal", negated=True),
        Assertion("word-count", {"min": 2, "max": 8}),
    )
    assert (path.parent / "pets-2.txt").read_bytes() == b"Cats"
    assert last.document == ""
    assert suggested_assertions('{"a": 1}')[-1] == Assertion("is-json")


def test_an_input_that_is_no_plain_value_is_no_case(places):
    """A list among the inputs is refused before anything is written."""
    path, root, home = places

    with pytest.raises(DatasetError, match="'rows' is no text"):
        add_case(path, root, home, name="a", document=("a.txt", b"x"), inputs={"rows": [1]}, assertions=())

    assert list(path.parent.iterdir()) == []


def test_a_table_of_texts_is_the_cases_again():
    """Rows give back their cases; an edited cell is read as YAML; empty rows are left out."""
    before = [
        *cases(TYPED),
        Case("x", "a.pdf", {"n": 1, "t": "010"}, (Assertion("word-count", {"min": 1}),), 0.5, ("a", "b")),
    ]
    rows = rows_of(before)

    same = cases_of([*rows, {"name": None, "document": ""}], "cases.yaml")
    rows[1]["assert"] = "- type: contains\n  value: meow"
    changed = cases_of(rows, "cases.yaml")

    assert same == before
    assert changed[1].assertions == (Assertion("contains", "meow"),)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"assert": "- type: python"}, "row 2: assert[0]: python runs code"),
        ({"inputs": "["}, "row 2: inputs: line "),
        ({"name": "dogs"}, "row 2: the name 'dogs'"),
        ({"threshold": "half"}, "row 2: its threshold"),
    ],
)
def test_a_bad_cell_is_named_by_its_row(cell, said):
    """What a table can't hold is refused with the number of the row."""
    rows = rows_of(cases(TYPED))
    rows[1] |= cell

    with pytest.raises(DatasetError) as refusal:
        cases_of(rows, "cases.yaml")

    assert said in refusal.value.message
