import threading
from dataclasses import replace

import pytest

from tests.hostile import FRAGMENTS, hostile_prompts
from workbench.errors import ExportError
from workbench.export.module_file import expected_values, next_number, preview, twin_of, unified_diff, write
from workbench.export.new_file import create, give_name
from workbench.export.proof import prove
from workbench.prompts.reader import module_doc, read_prompts
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt, Version

BASE = '''\
"""v2: name the kind of document."""


def chunk_prompt(content_type: str = "a paper") -> str:
    """Slots: chunk."""
    return f"Summarize {{chunk}} from {content_type}."


def answer_prompt() -> str:
    """Slots: query."""
    return "Answer {query}."
'''

DATAFLOW = '''\
"""Fills both prompts; it must not see the key."""

import os

print("a module may print")
assert "OPENAI_API_KEY" not in os.environ


def filled(chunk_prompt: str, answer_prompt: str, query: str) -> str:
    """Both prompts with the question."""
    return (chunk_prompt + answer_prompt).format(chunk="x", query=query)
'''


def version(source=BASE):
    return Version("summary", 2, "", module_doc(source), read_prompts(source), source, "")


@pytest.fixture
def root(tmp_path):
    """A project with a dataflow and two versions."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "summary.py").write_text(DATAFLOW)
    folder = tmp_path / "prompts" / "summary"
    folder.mkdir(parents=True)
    for number in (1, 2):
        (folder / f"prompts_v{number}.py").write_text(BASE)
    return tmp_path


def written(root, file, ran=None, inputs=None):
    path, _ = write(
        file,
        root / "prompts" / "summary",
        root=root,
        dataflow_modules=["flows.summary"],
        ran=ran or {},
        inputs=inputs or {},
        work_folder=root / "work",
    )
    return path


def files_under(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_next_number_is_one_above_the_highest(tmp_path):
    """Gaps, other files and other spellings of a number do not count."""
    for name in ("prompts_v2.py", "prompts_v10.py", "prompts_v011.py", "prompts_v99.py.bak", "notes.py"):
        (tmp_path / name).touch()

    assert next_number(tmp_path) == 11
    assert next_number(tmp_path / "missing") == 1


def test_a_preview_has_the_edit_and_keeps_everything_else():
    """The edited template is in; parameters, docstrings and other prompts are the base's."""
    base = version()

    file = preview(base, {"chunk_prompt": "In {content_type}: {chunk}"}, 3, "  shorter,\nto the point ")

    edited, kept = file.prompts
    assert file.name == "prompts_v3.py"
    assert module_doc(file.source) == "v3: shorter, to the point"
    assert replace(edited, line=0) == Prompt(
        "chunk_prompt", "In {content_type}: {chunk}", (Parameter("content_type", "a paper"),), "Slots: chunk."
    )
    assert replace(kept, line=0) == replace(base.prompts["answer_prompt"], line=0)


def test_a_parameter_that_a_template_no_longer_uses_stays():
    """Inputs of the dataflow do not vanish because a text changed."""
    file = preview(version(), {"chunk_prompt": "Only {chunk}"}, 3, "")

    assert file.prompts[0].parameters == (Parameter("content_type", "a paper"),)
    assert module_doc(file.source) == "v3: edited from v2"


def test_a_computed_prompt_has_to_be_given_a_text():
    """What can't be written as a text is refused, unless the draft replaces it."""
    base = version('def chunk_prompt() -> str:\n    """Doc."""\n    return "a" * 3\n')

    with pytest.raises(ExportError, match="chunk_prompt of v2 can't be written as a text: it computes its text"):
        preview(base, {}, 3, "")
    assert preview(base, {"chunk_prompt": "aaa"}, 3, "").prompts[0].template == "aaa"


def test_a_base_with_other_nodes_is_refused():
    """A function that is no prompt would be lost without a word."""
    base = version(BASE + '\n\ndef tone() -> str:\n    """How to speak."""\n    return "calm"\n')

    with pytest.raises(ExportError, match="v2 has a function tone that is no prompt"):
        preview(base, {}, 3, "")


def test_a_draft_outside_of_the_grammar_is_refused_with_its_place():
    """A single brace is named with prompt, line and column."""
    with pytest.raises(ExportError, match="answer_prompt, line 2, column 3: single }"):
        preview(version(), {"answer_prompt": "one\nab}"}, 3, "")


def test_a_template_for_no_prompt_is_refused():
    """A prompt that the base lacks can't be exported."""
    with pytest.raises(ExportError, match="v2 has no prompt other_prompt"):
        preview(version(), {"other_prompt": ""}, 3, "")


def test_a_diff_shows_the_changed_line_between_named_files():
    """unified_diff gives file names, the old line and the new one."""
    file = preview(version(), {"answer_prompt": "Answer {query} briefly."}, 3, "")

    lines = unified_diff("prompts_v2.py", BASE, file.name, file.source).split("\n")

    assert lines[:2] == ["--- prompts_v2.py", "+++ prompts_v3.py"]
    assert '-    return "Answer {query}."' in lines
    assert '+    return "Answer {query} briefly."' in lines


def test_a_diff_of_equal_sources_is_empty():
    """Nothing changed, nothing shown."""
    assert unified_diff("a", BASE, "b", BASE) == ""


def test_a_diff_tells_of_a_missing_last_newline():
    """The last line's missing newline is marked as diff -u does."""
    assert unified_diff("a", "x\n", "b", "x").endswith("-x\n+x\n\\ No newline at end of file\n")


def test_expected_values_take_inputs_before_defaults():
    """A parameter's value is the input's, else its default; without either it is asked for."""
    file = preview(version(), {}, 3, "")
    required = replace(file, prompts=(Prompt("a_prompt", "{x}", (Parameter("x"),)),))

    assert expected_values(file, {})["chunk_prompt"] == "Summarize {chunk} from a paper."
    assert expected_values(file, {"content_type": "a {law}"})["chunk_prompt"] == "Summarize {chunk} from a {{law}}."
    with pytest.raises(ExportError, match="a_prompt asks for x, which has no value"):
        expected_values(required, {})


def test_a_proved_file_is_written_as_previewed(root, monkeypatch):
    """The file has the preview's bytes, nothing else is left, and the proof's process had no key."""
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")
    file = preview(version(), {"chunk_prompt": "In {content_type}:\r\n{chunk} \n"}, 3, "for laws")
    ran = {"chunk_prompt": "In a law:\r\n{chunk} \n", "answer_prompt": "Answer {query}."}
    before = files_under(root)

    path = written(root, file, ran, {"content_type": "a law", "query": "{not a prompt's}"})

    assert path == root.resolve() / "prompts" / "summary" / "prompts_v3.py"
    assert path.read_bytes() == file.source.encode("utf-8")
    assert files_under(root) == sorted([*before, "prompts/summary/prompts_v3.py"])


def test_a_file_that_gives_something_else_is_not_written(root):
    """A run that differs in one character is named with its place, and no file is left behind."""
    file = preview(version(), {"chunk_prompt": "One\nTwo {chunk}"}, 3, "")
    before = files_under(root)

    with pytest.raises(ExportError, match=r"chunk_prompt of the file differs at line 2, column 2 from what was run"):
        written(root, file, {"chunk_prompt": "One\nTWo {chunk}"})

    assert files_under(root) == before


def test_a_prompt_that_the_file_lacks_is_not_written(root):
    """A run of more prompts than the file has is no run of the file."""
    file = preview(version(), {}, 3, "")

    with pytest.raises(ExportError, match="the module has no prompt third_prompt"):
        written(root, file, {"third_prompt": ""})

    assert next_number(root / "prompts" / "summary") == 3


def test_an_existing_version_is_never_overwritten(root):
    """The version stays byte for byte, and the hint names the next free number."""
    with pytest.raises(ExportError, match=r"prompts_v2.py exists already") as caught:
        written(root, preview(version(), {}, 2, ""))

    assert "prompts_v3.py" in caught.value.hint
    assert (root / "prompts" / "summary" / "prompts_v2.py").read_text() == BASE


@pytest.mark.parametrize(
    "name",
    [
        *("../prompts_v3.py", "prompts_v3.py/../../x.py", "/tmp/prompts_v3.py", "prompts_v3.py\n", "prompts_v3.py\x00"),
        *("prompts_v0.py", "prompts_v03.py", "Prompts_v3.py", "prompts_v３.py", "CON.py", ".git/hooks/x", ""),
    ],
)
def test_no_other_name_than_a_versions_is_written(root, name):
    """Paths, other digits, control characters and device names are refused."""
    before = files_under(root)

    with pytest.raises(ExportError, match="is no name of a version"):
        written(root, replace(preview(version(), {}, 3, ""), name=name))

    assert files_under(root) == before


def test_a_folder_that_leads_out_of_the_project_is_refused(root, tmp_path_factory):
    """A link to a folder elsewhere is not written to."""
    outside = tmp_path_factory.mktemp("outside")
    folder = root / "prompts" / "summary"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(outside)

    with pytest.raises(ExportError, match="is no folder of the project"):
        written(root, preview(version(), {}, 3, ""))

    assert list(outside.iterdir()) == []


def test_a_dangling_link_is_not_followed(root):
    """A link under the new file's name counts as a file that exists."""
    (root / "prompts" / "summary" / "prompts_v3.py").symlink_to(root / "elsewhere.py")

    with pytest.raises(ExportError, match="exists already"):
        written(root, preview(version(), {}, 3, ""))

    assert not (root / "elsewhere.py").exists()


def test_one_of_many_writers_of_a_name_wins(tmp_path):
    """Of eight threads one gives its file the name, whole; the others are told that it is taken."""
    outcomes = []
    together = threading.Barrier(8)

    def write_own(number):
        waiting = tmp_path / f"waiting_{number}"
        create(waiting, bytes([number]) * 100_000)
        together.wait()
        try:
            give_name(waiting, tmp_path / "prompts_v1.py")
            outcomes.append(number)
        except FileExistsError:
            outcomes.append(None)

    threads = [threading.Thread(target=write_own, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winners = [number for number in outcomes if number is not None]
    assert len(outcomes) == 8
    assert len(winners) == 1
    assert (tmp_path / "prompts_v1.py").read_bytes() == bytes(winners) * 100_000


def test_500_hostile_prompts_are_proved_in_a_fresh_process(root):
    """Hostile texts, lone surrogates among them, survive the way to the process and back."""
    prompts = [Prompt(f"p{index}_prompt", text) for index, text in enumerate(hostile_prompts(500, seed=9))]
    ran = {prompt.name: prompt.template for prompt in prompts}
    source = module_source(prompts, "v1: hostile")

    prove(source, [], ran, {}, root)

    ran["p77_prompt"] += "\ud83d\ude00"
    with pytest.raises(ExportError, match="p77_prompt of the file differs"):
        prove(source, [], ran, {}, root)


def test_hostile_values_of_a_parameter_are_proved(root):
    """A parameter's value is text to the prompt, whatever it holds but braces."""
    value = "".join(fragment for fragment in FRAGMENTS if not set("{}") & set(fragment))
    source = module_source([Prompt("a_prompt", "{topic}{{x}}{query}", (Parameter("topic"),))], "v1: x")

    prove(source, [], {"a_prompt": f"{value}{{{{x}}}}{{query}}"}, {"topic": value}, root)


def test_a_value_with_braces_is_refused_before_anything_runs(root):
    """Code can't tell a value's braces from a slot, a draft can; so such a run can't be exported."""
    file = preview(version(), {}, 3, "")

    with pytest.raises(ExportError, match="the value of content_type has braces") as caught:
        written(root, file, inputs={"content_type": "{query}"})

    assert caught.value.hint == "Take the braces out of content_type, run again, then export."


def test_a_module_that_does_not_run_is_told_with_its_error(root):
    """What a dataflow's import raises is in the message."""
    (root / "flows" / "broken.py").write_text("raise OSError('no disk')\n")

    with pytest.raises(ExportError, match="the prompts don't run: OSError: no disk"):
        prove(BASE, ["flows.broken"], {}, {}, root)


def test_a_process_that_dies_is_told_with_its_code(root):
    """A process that ends without an answer is no proof."""
    (root / "flows" / "dying.py").write_text("import os\nos._exit(7)\n")

    with pytest.raises(ExportError, match="ended with code 7 and no answer"):
        prove(BASE, ["flows.dying"], {}, {}, root)


def test_a_process_that_hangs_is_ended(root):
    """A proof ends at its time limit."""
    (root / "flows" / "hanging.py").write_text("while True: pass\n")

    with pytest.raises(ExportError, match=r"no answer within 0\.5 seconds"):
        prove(BASE, ["flows.hanging"], {}, {}, root, seconds_limit=0.5)


def test_the_twin_of_a_file_is_the_newest_version_that_asks_the_same():
    """A file that asks what a version asks has that version as its twin, whatever the docstrings say."""
    older = version()
    newer = replace(version(BASE.replace("Slots: query.", "Another docstring.")), number=3)
    other = replace(version(BASE.replace("Answer", "Reply to")), number=4)

    assert twin_of(preview(older, {}, 5, "again"), [older, newer, other]) == newer
    assert twin_of(preview(older, {"answer_prompt": "Say {query}."}, 5, ""), [older, newer, other]) is None
