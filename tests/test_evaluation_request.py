"""An evaluation asked for by values, and the command that asks for the same."""

import hashlib
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, document_of
from workbench.command_line import _parser
from workbench.datasets.failures import DatasetError
from workbench.datasets.reading import open_dataset
from workbench.errors import UsageError
from workbench.evaluation.choice import Choice, request_of
from workbench.evaluation.cli_line import cli_line
from workbench.evaluation_request import asked_of, settled
from workbench.graphs.sources import versions_of_dataflow
from workbench.records import Budget, Variant
from workbench.settings import ROOT

HARD = "Say \"why\" & 'how' at $HOME, `ls`; one\\two\n\n{results}\nÜber 100 % = {query}"


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """A dataset of two cases, one of which names no document."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    (tmp_path / "gardens.txt").write_text("All about gardens. " * 30, encoding="utf-8")
    path = tmp_path / "cases.yaml"
    path.write_text("cases:\n  - {name: one, document: gardens.txt}\n  - {name: two}\n", encoding="utf-8")
    return path


def chosen(file, **fields) -> Choice:
    return Choice(str(file), "summarization", ("v3",), models=("fake",), **fields)


def settled_of(choice, document=None):
    versions = versions_of_dataflow("summarization")
    dataset = open_dataset(Path(choice.dataset), ROOT, Path(choice.dataset).parent / "home")
    return settled(request_of(choice, dataset, document, versions), versions)


def asked_by(line):
    """What the command would be asked for."""
    words = shlex.split(line.text)
    return asked_of(_parser().parse_args(words[words.index("evaluate") :]))


def shape(asked):
    """All that decides the figures."""
    bases = [replace(base, id="", started_at=0.0, fresh=False) for base in asked.matrix.bases]
    return bases, asked.matrix.baseline, asked.judge, [own.label for own in asked.matrix.columns]


def test_a_text_that_begins_like_a_file_is_a_text(file, tmp_path):
    """A draft's "@name" is what the model is asked, though the command would read a file of that name."""
    (tmp_path / "secret").write_text("from the disk", encoding="utf-8")
    text = f"@{tmp_path / 'secret'} {{results}}"
    draft = Variant("own", "v3", {LAST_PROMPT: text})

    asked = settled_of(replace(chosen(file), labels=("own",), drafts={"own": draft}), document_of(1))

    (variant,) = asked.matrix.bases[0].variants
    assert variant.templates[LAST_PROMPT] == text


def test_cases_without_a_document_get_the_one_at_hand(file):
    """Its text is what they run on; without one, the line of the first such case is named."""
    own = document_of(1, "oceans")

    asked = settled_of(chosen(file), own)

    assert asked.matrix.documents[""] == own
    with pytest.raises(DatasetError, match=r"cases\.yaml, line 3: the case 'two' names no document"):
        settled_of(chosen(file))


def test_what_is_gone_is_refused_by_its_name(file):
    """A label that is no version any more and no draft is named."""
    with pytest.raises(UsageError, match="'v99'"):
        settled_of(replace(chosen(file), labels=("v99",)), document_of(1))


def choices(file):
    plain = chosen(file, baseline="v3")
    draft = Variant("v3-draft", "v3", {LAST_PROMPT: HARD, CHUNK_PROMPT: " \n{chunk}"})
    grid = {CHUNK_PROMPT: ("v2", "v3"), LAST_PROMPT: ("v3-draft", "v2")}
    return {
        "a version": plain,
        "a draft first": replace(plain, labels=("v3-draft", "v2", "v3"), drafts={"v3-draft": draft}),
        "a grid with a draft": replace(plain, labels=(), drafts={"v3-draft": draft}, grid=grid, baseline="v2 × v2"),
        "several models": replace(plain, models=("fake", "other"), baseline="v3 @ other"),
        "all else": replace(plain, repetitions=3, judge="other", budget=Budget(40, 0.5), fresh=True, baseline=""),
    }


@pytest.mark.parametrize("name", ["a version", "a draft first", "a grid with a draft", "several models", "all else"])
def test_the_command_asks_for_the_same(file, tmp_path, name):
    """Read by a shell, the line leads to the same variants, texts, models, judge and baseline, in the same order.

    The budget and "ask anew" are the exceptions: with the answers that are kept the figures are the same without them.
    """
    (tmp_path / "cases.yaml").write_text("cases:\n  - {name: one, document: gardens.txt}\n", encoding="utf-8")
    choice = choices(file)[name]

    line = cli_line(choice, ROOT, is_own=True)

    asked = asked_by(line)
    bases, *rest = shape(settled_of(replace(choice, budget=Budget())))
    assert shape(asked) == (bases, *rest)
    assert not any(base.fresh for base in asked.matrix.bases)


def test_the_document_at_hand_is_named_and_said_to_stand_for_its_path(file):
    """The command can't know where the file is."""
    sha256 = hashlib.sha256(b"").hexdigest()

    line = cli_line(chosen(file, document=sha256, document_name="my report.pdf"), ROOT, is_own=True)

    assert "--document 'my report.pdf'" in line.text
    assert line.notes == ("my report.pdf stands for the path of that file.",)


def unsayable(file):
    def draft(label, text):
        return {"drafts": {label: Variant(label, "v3", {LAST_PROMPT: text})}}

    return {
        "begins with @": chosen(file, **draft("own", "@notes.txt {results}")),
        "longer than 100,000 bytes": chosen(file, **draft("own", "ü" * 60_000)),
        "an equals sign": chosen(file, **draft("version=v2-draft", "{results}")),
        "a comma": replace(chosen(file), models=("one,two",)),
    }


@pytest.mark.parametrize("reason", ["begins with @", "longer than 100,000 bytes", "an equals sign", "a comma"])
def test_what_the_command_cannot_be_given_is_said(file, reason):
    """There is no line then, as it would ask for something else; why is said."""
    line = cli_line(unsayable(file)[reason], ROOT, is_own=True)

    assert line.text == ""
    assert reason in line.notes[0]


def test_a_dataset_is_named_as_the_command_finds_it(tmp_path):
    """By its folder where that is enough, else by its path; for another project, that is named before the command."""
    named = Choice(str(tmp_path / "datasets" / "set" / "cases.yaml"), "summarization", ("v3",), models=("fake",))
    tests = replace(named, dataset=str(tmp_path / "datasets" / "set" / "tests.yaml"))

    assert " evaluate set " in cli_line(named, tmp_path, is_own=True).text
    assert " evaluate datasets/set/tests.yaml " in cli_line(tests, tmp_path, is_own=True).text
    other = cli_line(tests, tmp_path, is_own=False).text
    assert other.startswith(f"WORKBENCH_PROJECT={tmp_path} python -m workbench evaluate {tests.dataset} ")
