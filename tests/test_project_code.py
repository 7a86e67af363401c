import importlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dataflows import DATAFLOWS, Dataflow
from tests.conftest import document_of
from tests.scripted import ScriptedEndpoint, ScriptedModel, short
from workbench import project_code
from workbench.errors import DataflowError
from workbench.graphs import graph
from workbench.graphs.execution import execute
from workbench.graphs.forms import facts_of
from workbench.project_files import one_state
from workbench.prompts.versions import load_module, versions_of
from workbench.records import Variant
from workbench.settings import ROOT

FLOW = '''\
from hamilton.function_modifiers import config, tag

from dataflows.model import Model
from dataflows.templates import Slot, fill
from {package} import marks
from {package}.words import opening

SLOTS = {{
    "note_prompt": {{"piece": Slot("a sentence")}},
    "answer_prompt": {{"notes": Slot("all notes", required=True)}},
}}
CLOSING = "End."
UNUSED = 1


def pieces(page_texts: list[str], max_chunk_tokens: int) -> list[str]:
    """Its sentences."""
    return page_texts[0].split(". ")


@config.when_not(style="loud")
def dressed__plain(pieces: list[str]) -> list[str]:
    """As they are."""
    return [_dressed(piece) for piece in pieces]


@config.when(style="loud")
def dressed__loud(pieces: list[str]) -> list[str]:
    """In capitals."""
    return [_dressed(piece).upper() for piece in pieces]


def notes(dressed: list[str], note_prompt: str, model: Model) -> list[str]:
    """One of each."""
    return model.complete([fill(note_prompt, {{"piece": piece}}) for piece in dressed])


@tag(role="output")
def answer(notes: list[str], answer_prompt: str, model: Model) -> str:
    """Of all notes."""
    return model.complete([fill(answer_prompt, {{"notes": opening() + "; ".join(notes) + CLOSING}})])[0]


def _dressed(piece: str) -> str:
    return f"{{marks.FIRST}} {{piece}}."
'''
WORDS = """\
def opening() -> str:
    from {package}.later import WORD

    return f"{{WORD}}: "
"""
FILES = {"flow.py": FLOW, "words.py": WORDS, "marks.py": 'FIRST = "-"\n', "later.py": 'WORD = "Notes"\n'}
PROMPTS = '''\
"""v1: why."""


def note_prompt() -> str:
    """One."""
    return "Note {piece}"


def answer_prompt() -> str:
    """All."""
    return "Answer {notes}"
'''
RESTART = """
from pathlib import Path

from workbench import project_code
from workbench.errors import DataflowError

model = Path("dataflows/model.py")
text = model.read_text(encoding="utf-8")
before = project_code.load(["dataflows.model", "dataflows.templates"])
model.write_text(text + "# edited", encoding="utf-8")
try:
    project_code.load(["dataflows.model", "dataflows.templates"])
except DataflowError as error:
    print(error.message, error.hint, sep="\\n")
model.write_text(text, encoding="utf-8")
print(project_code.load(["dataflows.model", "dataflows.templates"]) == before)
"""
PIECES = 4
"""Sentences of a document of one chunk."""


class Project:
    """A dataflow package with its prompts, in a folder that Python imports from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = f"flow_{secrets.token_hex(4)}"
        self.dataflow = Dataflow((f"{self.name}.flow",), document="page_texts", chunks="pieces")
        for name, text in FILES.items():
            self.write(name, text.format(package=self.name))
        prompts = root / "prompts" / self.name
        prompts.mkdir(parents=True)
        (prompts / "prompts_v1.py").write_text(PROMPTS, encoding="utf-8")

    def write(self, name: str, text: str) -> Path:
        path = self.root / self.name / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """An edit that keeps the file's size and, to the nanosecond, its time."""
        path = self.root / self.name / name
        before, text = path.stat(), path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)

    def loaded(self):
        return graph.modules_of(self.dataflow)[0]

    def answer_prompt_of(self, modules, config=None) -> str:
        """The last prompt that a driver of these modules fills."""
        model = ScriptedModel()
        built = graph.build(self.dataflow, None, config or {}, modules=modules)
        given = {"page_texts": ["A. B"], "max_chunk_tokens": 9, "note_prompt": "{piece}", "answer_prompt": "{notes}"}
        execute(built, ["answer"], {**given, "model": model}, {})
        return " | ".join(prompt for batch in model.batches for prompt in batch)


@pytest.fixture
def project(tmp_path, monkeypatch):
    made = Project(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(DATAFLOWS, made.name, made.dataflow)
    return made


@pytest.fixture
def run(project, lab):
    """Runs the project's first version on a document of four sentences; gives (output, prompts that were asked)."""
    lab.versions = versions_of(project.name, project.root)

    def once(*variants):
        before = len(lab.endpoint.asked)
        experiment = lab.run(*(variants or [Variant("v1", "v1")]), dataflow=project.name, documents=[document_of(1)])
        assert [run.error for run in experiment.runs] == [None] * len(experiment.runs)
        return experiment.runs[0].output, lab.endpoint.asked[before:]

    return once


@pytest.mark.parametrize(
    ("file", "old", "new", "calls"),
    [
        ("flow.py", '"End."', '"Fin."', 1),
        ("flow.py", 'f"{marks.FIRST} {piece}."', 'f"{marks.FIRST} {piece}!"', PIECES + 1),
        ("flow.py", '"; ".join', '", ".join', 1),
        ("flow.py", "UNUSED = 1", "UNUSED = 2", 0),
        ("flow.py", "Of all notes.", "Of any notes.", 0),
        ("words.py", '}: "', '}; "', 1),
        ("marks.py", '"-"', '"*"', PIECES + 1),
        ("later.py", '"Notes"', '"Lines"', 1),
    ],
)
def test_an_edit_is_used_by_the_next_run_and_pays_for_what_it_reaches_only(project, run, file, old, new, calls):
    """Helper, constant or helper module, same size, same time: exactly the prompts that it changes are asked again."""
    first, asked_first = run()

    project.edit(file, old, new)
    second, asked_second = run()

    assert len(asked_first) == PIECES + 1
    assert len(asked_second) == calls
    assert not set(asked_first) & set(asked_second)
    assert second == (short(asked_second[-1]) if calls else first)
    project.edit(file, new, old)
    assert run() == (first, [])


@pytest.mark.parametrize(
    "statement",
    [
        "from {p}.helper import word",
        "from {p}.helper import *",
        "from .helper import word",
        "from {p} import helper\nword = helper.word",
        "from . import helper\nword = helper.word",
        "import {p}.helper\nword = {p}.helper.word",
        "import {p}.helper as own\nword = own.word",
        "try:\n    from {p}.nothing import word\nexcept ImportError:\n    from {p}.helper import word",
        "def word():\n    from .helper import word\n    return word()",
        "from {p}.inner.deep import word",
        "from {p}.inner import *\nword = deep.word",
    ],
)
def test_an_edited_module_is_seen_however_it_is_imported(project, statement):
    """Each form of the import statement finds the helper of its own generation, then and later."""
    project.write("helper.py", "def word():\n    return 'old'\n")
    (project.root / project.name / "inner").mkdir()
    project.write("inner/__init__.py", "__all__ = ['deep']\nfrom . import deep\n")
    project.write("inner/deep.py", "from ..helper import word\n")
    project.write("flow.py", statement.format(p=project.name) + "\n")
    before = project.loaded()

    project.edit("helper.py", "'old'", "'new'")
    after = project.loaded()

    assert (before.word(), after.word()) == ("old", "new")


def test_nothing_is_loaded_anew_without_a_change(project):
    """Unchanged code, a file saved as it was and a file nobody imports leave the very same function objects."""
    before = project.loaded()

    project.write("marks.py", FILES["marks.py"])
    project.write("other.py", "1 / 0\n")

    assert project.loaded() is before
    assert project.loaded().answer is before.answer


def test_an_undo_gives_the_first_modules_again(project):
    """Whoever keeps values by the function that made them finds them after an undo."""
    before = project.loaded()
    project.edit("marks.py", '"-"', '"*"')
    assert project.loaded() is not before

    project.edit("marks.py", '"*"', '"-"')

    assert project.loaded() is before


def test_the_digest_changes_exactly_with_the_code(project):
    """It differs after an edit of any module that is imported, and is the same after an undo or an edit elsewhere."""
    digests = [project_code.digest([project.loaded()])]

    for file, old, new in [("flow.py", "UNUSED = 1", "UNUSED = 2"), ("later.py", "Notes", "Lines")]:
        project.edit(file, old, new)
        digests.append(project_code.digest([project.loaded()]))
    for file, old, new in [("flow.py", "UNUSED = 2", "UNUSED = 1"), ("later.py", "Lines", "Notes")]:
        project.edit(file, old, new)
    project.write("other.py", "")

    assert len(set(digests)) == 3
    assert project_code.digest([project.loaded()]) == digests[0]


@pytest.mark.parametrize("config", [{}, {"style": "loud"}])
def test_a_generation_goes_on_as_it_was(project, config):
    """Drivers built from the old modules after an edit have all nodes and the old behaviour, and the new the new."""
    old = graph.modules_of(project.dataflow)
    expected = project.answer_prompt_of(old, config)
    for file, before, after in [("flow.py", "End.", "Fin."), ("marks.py", '"-"', '"*"'), ("later.py", "Note", "Line")]:
        project.edit(file, before, after)
    new = graph.modules_of(project.dataflow)

    prompts = [project.answer_prompt_of(modules, config) for modules in (old, new, old)]

    assert prompts[0] == prompts[2] == expected
    assert "Notes: " in expected
    assert "Fin." in prompts[1] and "* " in prompts[1] and "Lines: " in prompts[1]
    names = [set(graph.build(project.dataflow, None, config, modules=own).graph.nodes) for own in (old, new)]
    assert names[0] == names[1]


def test_a_running_experiment_keeps_the_code_it_began_with(project, make_lab):
    """A file that is saved while its runs go on changes none of them, however late they come to it."""

    def answer(prompt: str) -> str:
        if prompt.startswith("Note") and not edited.is_set():
            edited.set()
            project.edit("flow.py", "End.", "Fin.")
            project.edit("later.py", "Notes", "Lines")
        return short(prompt)

    edited = threading.Event()
    lab = make_lab(ScriptedEndpoint(answer))
    lab.versions = versions_of(project.name, project.root)
    variants = [Variant("one", "v1"), Variant("two", "v1", {"answer_prompt": "Say {notes}"})]

    first = lab.run(*variants, dataflow=project.name, documents=[document_of(1)])
    last_prompts = [prompt for prompt in lab.endpoint.asked if not prompt.startswith("Note")]
    lab.run(*variants, dataflow=project.name, documents=[document_of(1)])

    assert [run.status for run in first.runs] == ["done", "done"]
    assert sorted(prompt.split()[1] for prompt in last_prompts) == ["Notes:", "Notes:"]
    assert all(prompt.endswith("End.") for prompt in last_prompts)
    assert sorted(prompt.split()[1] for prompt in lab.endpoint.asked[-2:]) == ["Lines:", "Lines:"]


def test_variants_of_an_experiment_get_one_state_of_a_module_that_versions_import(project, make_lab):
    """A helper that is saved between the loading of two versions is the old one for both, next time the new one."""
    helper, folder = project.write("tones.py", "TONE = 'early'\n"), project.root / "prompts" / project.name
    saving = f"import pathlib\n\npathlib.Path({str(helper)!r}).write_text(\"TONE = 'late'\\n\")\n"
    for number, rest in ((1, saving), (2, "")):
        source = f"from {project.name}.tones import TONE\n{rest}{PROMPTS}"
        text = source.replace('"Note {piece}"', 'f"{TONE} Note {{piece}}"')
        (folder / f"prompts_v{number}.py").write_text(text, encoding="utf-8")
    lab = make_lab()
    lab.versions = versions_of(project.name, project.root)
    variants = [Variant("v1", "v1"), Variant("v2", "v2")]

    tones = []
    for _ in range(2):
        lab.run(*variants, dataflow=project.name, documents=[document_of(1)])
        tones.append({prompt.split()[0] for prompt in lab.endpoint.asked} - {"Answer"})

    assert tones == [{"early"}, {"early", "late"}]


@pytest.mark.parametrize(
    ("file", "broken", "message"),
    [
        ("flow.py", "def a(:\n", "SyntaxError: invalid syntax (line 1)"),
        ("marks.py", "\nFIRST = SECOND\n", "NameError: name 'SECOND' is not defined (line 2)"),
        ("words.py", "opening = 1 / 0", "ZeroDivisionError: division by zero (line 1)"),
        ("marks.py", "import no_such_module", "ModuleNotFoundError: No module named 'no_such_module' (line 1)"),
    ],
)
def test_a_broken_file_is_named_and_the_next_good_save_works(project, run, file, broken, message):
    """The error has file and line; the old modules still work, and so does what is saved next."""
    run()
    old = graph.modules_of(project.dataflow)
    text = (project.root / project.name / file).read_text(encoding="utf-8")

    project.write(file, broken)
    with pytest.raises(DataflowError) as raised:
        graph.modules_of(project.dataflow)

    assert raised.value.message == f"{project.name}/{file} can't be imported: {message}."
    assert "Notes: " in project.answer_prompt_of(old)
    project.write(file, text)
    assert run()[1] == []


def test_a_deleted_module_is_missed_and_a_new_one_is_found(project):
    """What a fresh process could not import can't be imported, and a file that comes later is seen."""
    better = f"from {project.name}.better import opening"
    other = f"from {project.name}.later import WORD as opening"
    project.write("words.py", f"try:\n    {better}\nexcept ImportError:\n    {other}\n")
    project.write("better.py", "opening = 'Better'\n")
    assert project.loaded().opening == "Better"

    (project.root / project.name / "better.py").unlink()
    assert project.loaded().opening == "Notes"
    project.write("better.py", "opening = 'Best'\n")
    assert project.loaded().opening == "Best"
    (project.root / project.name / "marks.py").unlink()

    with pytest.raises(DataflowError, match=f"{project.name}/flow.py can't be imported"):
        project.loaded()


def test_threads_get_modules_that_fit_together_while_a_file_changes(project):
    """Whoever loads meets a flow and a helper of one reading, and never a driver without its nodes."""
    project.write("marks.py", "FIRST = 'mark 0'\n")
    project.write("flow.py", FLOW.format(package=project.name) + "\nSEEN = marks.FIRST\n")
    expected = set(graph.build(project.dataflow, None, {}).graph.nodes)
    seen = set()

    def load_often(_):
        for _ in range(40):
            with one_state():
                modules = graph.modules_of(project.dataflow)
                built = graph.build(project.dataflow, None, {}, modules=modules)
            assert modules[0].SEEN == modules[0].marks.FIRST
            assert set(built.graph.nodes) == expected
            seen.add(modules[0].SEEN)

    with ThreadPoolExecutor(6) as executor:
        loading = [executor.submit(load_often, number) for number in range(6)]
        for number in range(1, 30):
            # In one step, as editors save: a half written file is a broken one.
            new = project.write("new.txt", f"FIRST = 'mark {number}'\n")
            new.replace(new.with_name("marks.py"))
        for each in loading:
            each.result(30)

    assert project.loaded().SEEN == "mark 29"
    assert len(seen) > 1


def test_in_one_state_of_the_disk_an_edit_is_not_seen(project):
    """Inside the block all code is of the moment at which its files were first read; afterwards it is the newest."""
    with one_state():
        first = project.loaded()
        project.edit("marks.py", '"-"', '"*"')
        second = project.loaded()

    assert second is first
    assert project.loaded().marks.FIRST == "*"


def test_a_module_imported_by_a_computed_name_is_the_newest(project):
    """Code that asks importlib for a module of the project gets the one that was loaded last."""
    project.loaded()
    project.edit("marks.py", '"-"', '"*"')
    project.loaded()

    found = importlib.import_module(f"{project.name}.marks")

    assert found.FIRST == "*"


def test_the_source_that_is_shown_is_the_code_that_is_run(project):
    """After an edit of the same size and time a node's source is the new one."""
    assert '"; ".join' in facts_of(graph.build(project.dataflow, None, {}), "answer").source
    project.edit("flow.py", '"; ".join', '", ".join')

    facts = facts_of(graph.build(project.dataflow, None, {}), "answer")

    assert '", ".join' in facts.source
    assert facts.module == str(project.root / project.name / "flow.py")


def test_an_edit_of_a_class_that_the_workbench_asks_for_orders_a_restart(tmp_path):
    """The abstract model and its like can't be made anew: the error names the file, and an undo takes it away."""
    shutil.copytree(ROOT / "dataflows", tmp_path / "dataflows", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "workbench", tmp_path / "workbench", ignore=shutil.ignore_patterns("__pycache__"))

    done = subprocess.run([sys.executable, "-c", RESTART], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == [
        "dataflows/model.py was edited, and the running workbench is built on what it was.",
        "Start the workbench again.",
        "True",
    ], done.stderr


def test_looking_for_edits_takes_less_than_a_millisecond():
    """The dataflow that comes along and a version of it; pages look several times in each run."""
    version = versions_of("summarization", ROOT)["v1"]
    seconds = []

    for _ in range(50):
        began = time.perf_counter()
        graph.modules_of(DATAFLOWS["summarization"])
        load_module(version)
        seconds.append(time.perf_counter() - began)

    assert min(seconds) < 0.001
