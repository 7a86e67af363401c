"""What an edit of a dataset means, where datasets may lie, and how an added case is taken back."""

import os

import pytest

from workbench.assertions.nouns import Assertion
from workbench.datasets.adding import add_case, take_back
from workbench.datasets.changes import changes_of
from workbench.datasets.comments import lost_comments
from workbench.datasets.failures import DatasetError
from workbench.datasets.listing import MOST_FILES, dataset_files
from workbench.datasets.nouns import Case
from workbench.datasets.places import dataset_file, refuse_outside
from workbench.datasets.placing import place_document
from workbench.datasets.spelling import one_line
from workbench.datasets.table_check import check_rows
from workbench.datasets.typed_assertions import typed_assertions


@pytest.fixture
def folder(tmp_path):
    """A project's folder of a dataset."""
    own = tmp_path / "datasets" / "pets"
    own.mkdir(parents=True)
    return own


def test_datasets_are_listed_by_what_is_in_them(tmp_path, folder):
    """cases.yaml first, then promptfoo's tests in each form; documents, recorded cases and folders are none."""
    (tmp_path / "datasets" / ".git").mkdir()
    (tmp_path / "datasets" / ".git" / "cases.yaml").write_text("cases: []\n")
    for name, text in {
        "cases.yaml": "cases: []\n",
        "a-tests.yaml": "# ours\nprompts: [x]\ntests:\n  - vars: {a: b}\n",
        "list.yml": "# a list\n- vars: {a: b}\n",
        "tests.json": '{"tests": []}',
        "menu.json": '{"dishes": ["tests"]}',
        "notes.yaml": "about: tests\n",
        "report.txt": "tests: none",
    }.items():
        (folder / name).write_text(text)
    (folder / "deeper").mkdir()

    found = dataset_files(tmp_path)

    assert [path.name for path in found] == ["cases.yaml", "a-tests.yaml", "list.yml", "tests.json"]
    assert dataset_files(tmp_path / "nowhere") == []


def test_the_list_of_datasets_is_bounded(tmp_path):
    """A folder with more files than anyone reads gives the first of them."""
    own = tmp_path / "datasets" / "many"
    own.mkdir(parents=True)
    for number in range(MOST_FILES + 5):
        (own / f"t{number}.yaml").write_text("tests: []\n")

    assert len(dataset_files(tmp_path)) == MOST_FILES


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a\\b", ".hidden", "a.", "a b", "x" * 61, "a\n", "-a"])
def test_a_name_that_leads_elsewhere_is_no_dataset(tmp_path, name):
    """Only one folder below datasets/ is a place for one."""
    with pytest.raises(DatasetError, match="is no name for a dataset"):
        dataset_file(tmp_path, name)


def test_a_link_out_of_the_project_is_not_written_through(tmp_path, folder):
    """Neither a linked folder nor a linked file is a place to write to; what it leads to is not copied from."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    os.symlink(outside, tmp_path / "datasets" / "linked")
    (outside / "secret.txt").write_bytes(b"Dogs")
    os.symlink(outside / "secret.txt", folder / "pets.txt")

    with pytest.raises(DatasetError, match="lies outside"):
        dataset_file(tmp_path, "linked")
    with pytest.raises(DatasetError, match="lies outside"):
        refuse_outside(folder / "pets.txt", tmp_path)
    assert dataset_file(tmp_path, "tiere-äöü_1.2") == tmp_path / "datasets" / "tiere-äöü_1.2" / "cases.yaml"
    assert place_document(folder, "PETS.txt", b"Dogs") == ("PETS-2.txt", True)


def test_a_case_is_taken_back_to_the_byte(tmp_path, folder):
    """The file is what it was, without its last newline even, and the document is gone; one that was there stays."""
    path = folder / "cases.yaml"
    typed = b"# mine\r\ncases: [{name: a}] # odd"
    path.write_bytes(typed)

    added = add_case(
        path, tmp_path, tmp_path / "home", name="b", inputs={}, assertions=(), document=("b.txt", b"Birds")
    )
    written = path.read_bytes(), (folder / "b.txt").read_bytes()
    take_back(added)

    assert written[0] != typed and written[1] == b"Birds"
    assert path.read_bytes() == typed
    assert [own.name for own in folder.iterdir()] == ["cases.yaml"]


def test_a_document_that_a_case_names_is_not_copied(tmp_path, folder):
    """The new case names it the same way, wherever it lies."""
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "trees.txt").write_bytes(b"Trees")
    path = folder / "cases.yaml"
    path.write_text("cases:\n  - {name: a, document: ../../samples/trees.txt}\n")

    added = add_case(
        path, tmp_path, tmp_path / "home", name="b", inputs={}, assertions=(), document=("own.txt", b"Trees")
    )

    assert added.case.document == "../../samples/trees.txt" and added.placed is None
    assert [own.name for own in folder.iterdir()] == ["cases.yaml"]


def test_a_case_that_can_not_be_written_leaves_no_document(tmp_path, folder):
    """Where the tags are refused, the document that was put there goes again."""
    path = folder / "cases.yaml"

    with pytest.raises(DatasetError, match="tags"):
        add_case(
            path,
            tmp_path,
            tmp_path / "home",
            name="a",
            inputs={},
            assertions=(),
            document=("a.txt", b"A"),
            tags=["x" * 61],
        )

    assert not folder.exists() or list(folder.iterdir()) == []


def test_changes_are_told_by_names():
    """Changed, renamed, added, removed and moved cases are told apart; 1 is not true."""
    one, two, three = Case("one", inputs={"n": 1}), Case("two", tags=("a",)), Case("three")

    told = changes_of(
        [one, two, three], [Case("one", inputs={"n": True}), Case("zwei", tags=("a",)), Case("four", tags=("b",))]
    )
    moved = changes_of([one, two], [two, one])

    assert (told.changed, told.added, told.removed) == (("one", "zwei"), ("four",), ("three",))
    assert told.words == "2 cases changed, 1 added, 1 removed"
    assert moved.words == "The order changed"
    assert not changes_of([one, two], [one, two]) and changes_of([], [one]).words == "1 case added"


def test_lost_comments_are_found_wherever_they_stand():
    """Above, behind a value and behind a block's mark; a "#" inside of a text is none."""
    old = "# top\na: 'x # y'  # one\nb: |  # two\n  # text\n# ü three\nc: [1] # one\n"

    lost = lost_comments(old, "# top\na: 'x # y'\nb: |\n  # text\nc: [1] # one\n")

    assert lost == ["two", "ü three", "one"]
    assert lost_comments(old, old) == []


def test_typed_assertions_are_refused_with_their_line():
    """Nothing typed is nothing asked; what is wrong has its line and what to do."""
    assert typed_assertions("") == ()
    assert typed_assertions("- type: contains\n  value: x\n") == (Assertion("contains", "x"),)
    for text, line, said in (
        ("- type: is-json\n- type: contains\n", 2, "contains has no value"),
        ("- type: [\n", 2, "no YAML"),
        ("type: is-json\n", 1, "no list of assertions"),
        ("- type: is-json\n- type: assert-set\n  assert:\n    - type: javascript\n", 4, "javascript runs code"),
    ):
        with pytest.raises(DatasetError) as refusal:
            typed_assertions(text)
        assert refusal.value.line == line and said in refusal.value.reason


def test_a_cell_is_one_line(tmp_path, folder):
    """Whatever a text holds, its row has one line for it, which is read as it was."""
    query = 'two\nlines, {braces} #1: "yes" 010'
    row = {"name": "a", "inputs": one_line({"query": query, "n": "010"})}

    cases, _, problems = check_rows([{"name": None}, row], folder / "cases.yaml", tmp_path, tmp_path / "home")

    assert "\n" not in row["inputs"] and problems == []
    assert cases == [Case("a", inputs={"query": query, "n": "010"})]
