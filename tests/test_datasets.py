"""Datasets are read strictly: what isn't supported is refused by its name and line, and content has one hash."""

import os
import re

import pytest

from tests.pdfs import encrypted_pdf, text_pdf
from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import Assertion
from workbench.datasets.case_entries import cases_in
from workbench.datasets.documents import KEPT, read_documents
from workbench.datasets.failures import DatasetError
from workbench.datasets.reading import open_dataset
from workbench.settings import ROOT

TWO = """\
# about pets
cases:
  - name: dogs
    document: pets.txt
    inputs: {query: "Are dogs kind?", max_chunk_tokens: 64}
    tags: [short, english]
    threshold: 0.5
    assert:
      - {type: icontains, value: "{{query}}", weight: 2, metric: words}
      - type: llm-rubric
        value: is kind
  - name: cats
"""


@pytest.fixture
def folder(tmp_path):
    """A project with a folder of a dataset."""
    own = tmp_path / "project" / "datasets" / "pets"
    own.mkdir(parents=True)
    (own / "pets.txt").write_text("Dogs are kind. " * 20, encoding="utf-8")
    return own


@pytest.fixture
def read(folder, tmp_path):
    """Writes a file into the folder and reads it as a dataset."""

    def reading(text, name="cases.yaml"):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return open_dataset(path, tmp_path / "project", tmp_path / "home")

    return reading


def test_a_case_has_a_document_inputs_assertions_and_tags(read):
    """Everything a file says is in the cases, in its order, with lines and the hash of the document."""
    found = read(TWO)
    dogs, cats = found.cases

    assert (found.name, found.tags, found.is_ours) == ("pets", ("short", "english"), True)
    assert (dogs.name, dogs.document, dogs.threshold, dogs.line) == ("dogs", "pets.txt", 0.5, 3)
    assert dogs.inputs == {"query": "Are dogs kind?", "max_chunk_tokens": 64}
    assert dogs.assertions == (
        Assertion("icontains", "{{query}}", weight=2.0, metric="words"),
        Assertion("llm-rubric", "is kind"),
    )
    assert (cats.document, cats.assertions, cats.line) == ("", (), 12)
    assert found.documents.keys() == {"pets.txt"}


def test_the_version_is_the_content(read, folder):
    """Comments, spelling and the name of a document change nothing; a case, its order or a document's bytes do."""
    first = read(TWO)
    respelt = read(TWO.replace("# about pets", "").replace("{type: icontains,", "{ type: 'icontains',"))
    (folder / "renamed.txt").write_bytes((folder / "pets.txt").read_bytes())
    renamed = read(TWO.replace("pets.txt", "renamed.txt"))
    others = [
        read(TWO.replace("is kind", "is nice")),
        read(TWO.replace("0.5", "0.25")),
        read(TWO.split("  - name: c")[0]),
    ]
    (folder / "pets.txt").write_text("Dogs are not kind.", encoding="utf-8")
    changed = read(TWO)

    assert first.sha256 == respelt.sha256 == renamed.sha256
    assert first.file_sha256 != respelt.file_sha256
    assert len({own.sha256 for own in (first, changed, *others)}) == 5


REFUSED = [
    ("cases:\n  - name: a\n    asert: []\n", 3, "'asert' is not supported here"),
    (
        "cases:\n  - name: a\n  - name: b\n    assert:\n      - {type: is-json}\n      - type: javascript\n",
        6,
        "javascript runs code",
    ),
    (
        "cases:\n  - name: a\n    assert:\n      - type: assert-set\n        assert:\n          - type: similar\n",
        6,
        "similar has no value",
    ),
    (
        "cases:\n  - name: a\n    assert:\n      - {type: not-select-best, value: x}\n",
        4,
        "not-select-best does not exist in promptfoo",
    ),
    ("cases:\n  - name: a\n    assert:\n      - {type: regex, value: '('}\n", 4, "regex"),
    ("cases:\n  - name: a\n    inputs:\n      query:\n        - x\n", 4, "no text, number or truth value"),
    ("cases:\n  - name: a\n  - name: a\n", 3, "the name 'a' is that of the case 1"),
    ("cases:\n  - document: pets.txt\n", 2, "no name"),
    ("cases:\n  - name: a\n    tags: short\n", 2, "tags"),
    ("cases:\n  - name: a\n    document: none.txt\n", 2, "no document 'none.txt'"),
    ("cases:\n  - name: a\n    document: ../../../secret.txt\n", 2, "lies outside of the project"),
    ("cases:\n  - name: a\n    document: sha256:abc\n", 2, "no 64 hexadecimal digits"),
    ("cases:\n  - name: a\nproviders: [x]\n", 3, "'providers' is not supported here"),
    ("cases: {a: b}\n", 1, "no list of cases"),
    ("cases:\n  - name: a\n    name: b\n", 3, "stands there twice"),
    ("cases: [\n", 2, "no YAML"),
    ("prompts: [x]\ntests: []\n", 1, "'prompts' is not supported here"),
    ("tests:\n  - vars: {a: x}\n  - vars: {a: x}\n    options: {}\n", 4, "'options' is not supported here"),
    ("tests:\n  - vars:\n      a: file://x.txt\n", 3, "names a file"),
    ("- assert:\n    - type: python\n", 2, "python runs code"),
    ("defaultTest:\n  assert:\n    - type: webhook\n      value: x\ntests: [{}]\n", 3, "webhook sends"),
    ("just text\n", 1, "neither"),
]


@pytest.mark.parametrize(("text", "line", "said"), REFUSED, ids=[said for _, _, said in REFUSED])
def test_what_is_not_supported_is_refused_by_name_and_line(read, tmp_path, text, line, said):
    """Each file is refused as a whole, with the line at which somebody has to look and what is wrong there."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")

    with pytest.raises(DatasetError) as refusal:
        read(text)

    assert refusal.value.line == line, refusal.value.message
    assert said in refusal.value.message
    assert f"line {line}" in refusal.value.message
    assert "secret\n" not in refusal.value.message


def test_a_link_does_not_lead_out_of_the_project(read, folder, tmp_path):
    """A document that is a symbolic link to a file elsewhere is refused."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    os.symlink(tmp_path / "secret.txt", folder / "link.txt")

    with pytest.raises(DatasetError, match="outside of the project"):
        read("cases:\n  - {name: a, document: link.txt}\n")


def test_tests_of_promptfoo_are_cases(read):
    """Variables are inputs, "document" names the document, metadata are tags, and lists make a case each."""
    found = read(
        "defaultTest:\n  vars: {document: pets.txt}\n  threshold: 0.5\ntests:\n"
        "  - description: both\n    vars: {query: [a, b]}\n    metadata: {kind: short, tags: [x, y]}\n"
        "  - assert: [{type: not-contains, value: x}]\n",
        "tests.yaml",
    )

    assert not found.is_ours
    assert [own.name for own in found.cases] == ["both (1)", "both (2)", "test 2"]
    assert [own.inputs for own in found.cases] == [{"query": "a"}, {"query": "b"}, {}]
    assert [own.line for own in found.cases] == [5, 5, 8]
    assert {own.document for own in found.cases} == {"pets.txt"}
    assert {own.threshold for own in found.cases} == {0.5}
    assert found.cases[0].tags == ("kind=short", "x", "y")


def test_a_list_of_tests_is_read_too(read):
    """A file that is a list has the same tests as one with "tests"."""
    written = "- description: a\n  vars: {query: q}\n- description: b\n"
    listed = read(written, "a.yaml")
    indented = "".join(f"  {line}\n" for line in written.splitlines())

    assert read(f"tests:\n{indented}", "b.yaml").cases == listed.cases
    assert [own.line for own in listed.cases] == [1, 3]


def test_texts_of_documents_come_by_what_cases_call_them(read, folder, tmp_path):
    """Two documents have texts, a locked one its reason; one that changed since the dataset was read is refused."""
    (folder / "book.pdf").write_bytes(text_pdf(["Cats are kind to those who feed them. " * 5]))
    (folder / "locked.pdf").write_bytes(encrypted_pdf(["Cats"], "secret"))
    names = ("pets.txt", "book.pdf", "locked.pdf")
    found = read("cases:\n" + "".join(f"  - {{name: {name}, document: {name}}}\n" for name in names))
    root, home = tmp_path / "project", tmp_path / "home"

    texts, unread = read_documents(found, root, home)
    kept = read(f"cases:\n  - {{name: a, document: '{KEPT}{found.documents['book.pdf']}'}}\n")
    (folder / "pets.txt").write_text("Other", encoding="utf-8")

    assert "Dogs" in texts["pets.txt"].page_texts[0]
    assert "Cats" in texts["book.pdf"].page_texts[0]
    assert unread.keys() == {"locked.pdf"}
    assert "password" in unread["locked.pdf"][1].message
    assert "Cats" in next(iter(read_documents(kept, root, home)[0].values())).page_texts[0]
    with pytest.raises(DatasetError, match="has changed"):
        read_documents(found, root, home)


def test_the_datasets_of_this_project_can_be_read(tmp_path):
    """Every cases.yaml here is read, each case has a document that is there, and assertions that need no judge."""
    paths = sorted((ROOT / "datasets").glob("*/cases.yaml"))

    found = [open_dataset(path, ROOT, tmp_path) for path in paths]

    assert "summarization" in {own.name for own in found}
    for own in found:
        assert all(case.document and case.tags and case.assertions for case in own.cases)


def test_ten_thousand_cases_and_not_one_more():
    """The most cases are read; one more is refused with the number."""
    entries = [{"name": f"c{number}"} for number in range(10_001)]

    assert len(cases_in(entries[:-1])) == 10_000
    with pytest.raises(AssertionSyntaxError, match=re.escape("10,001 cases; 10,000 are the most")):
        cases_in(entries)
