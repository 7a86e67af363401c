import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.errors import VersionError
from workbench.project_code import digest
from workbench.prompts.versions import load_module, read_version, versions_of

SOURCE = '''\
"""v{number}: why."""


def a_prompt(tone: str = "dry") -> str:
    """Says it."""
    return f"In a {{tone}} tone: {{{{chunk}}}}"
'''


def write(root, name, text):
    folder = root / "prompts" / "flow"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_versions_come_by_rising_number(tmp_path):
    """v10 comes after v2, and files of other names are left alone."""
    for name in ("prompts_v10.py", "prompts_v2.py", "prompts_v02.py", "prompts_v0.py", "prompts_vx.py", "notes.py"):
        write(tmp_path, name, SOURCE.format(number=1))

    assert list(versions_of("flow", tmp_path)) == ["v2", "v10"]


def test_a_dataflow_without_a_folder_has_no_versions(tmp_path):
    """Before the first version there are none."""
    assert versions_of("flow", tmp_path) == {}


def test_a_version_tells_its_prompts_without_being_run(tmp_path):
    """Docstring, template and parameters are read from the source, even from one that would fail when run."""
    path = write(tmp_path, "prompts_v1.py", SOURCE.format(number=1) + "\n\n1 / 0\n")

    version = read_version("flow", 1, path)

    prompt = version.prompts["a_prompt"]
    assert (version.label, version.doc) == ("v1", "v1: why.")
    assert prompt.template == "In a {tone} tone: {chunk}"
    assert [(own.name, own.default) for own in prompt.parameters] == [("tone", "dry")]


def test_a_file_that_is_no_python_is_a_version_without_prompts(tmp_path):
    """It is listed, and its place of a docstring says what is wrong."""
    version = read_version("flow", 1, write(tmp_path, "prompts_v1.py", "def a_prompt(:\n"))

    assert version.prompts == {}
    assert "line 1 is not Python" in version.doc
    with pytest.raises(VersionError):
        load_module(version)


def test_a_file_that_is_no_utf8_is_refused(tmp_path):
    """Bytes that are no UTF-8 are a plain error with an order."""
    with pytest.raises(VersionError) as raised:
        read_version("flow", 1, write(tmp_path, "prompts_v1.py", b"\xff\xfe"))

    assert raised.value.hint == "Save it as UTF-8."


def test_an_edited_file_is_seen_at_once(tmp_path):
    """After an edit the version has a new hash and another module; after the undo, the first module again."""
    path = write(tmp_path, "prompts_v1.py", SOURCE.format(number=1))
    first = load_module(read_version("flow", 1, path))
    path.write_text(SOURCE.format(number=1).replace("dry", "warm"), encoding="utf-8")

    edited = load_module(read_version("flow", 1, path))

    assert edited.a_prompt() == "In a warm tone: {chunk}"
    assert first.a_prompt() == "In a dry tone: {chunk}"
    path.write_text(SOURCE.format(number=1), encoding="utf-8")
    assert load_module(read_version("flow", 1, path)) is first


def test_threads_that_load_a_version_get_one_module(tmp_path):
    """Eight threads at once get the very same functions, so that what variants share is seen as shared."""
    version = read_version("flow", 1, write(tmp_path, "prompts_v1.py", SOURCE.format(number=1)))
    together = threading.Barrier(8)

    with ThreadPoolExecutor(8) as executor:
        modules = list(executor.map(lambda _: together.wait(5) >= 0 and load_module(version), range(8)))

    assert len(set(map(id, modules))) == 1


def test_an_edited_helper_of_a_version_is_seen_at_once(tmp_path, monkeypatch):
    """A module that a version imports counts like its own text, also after an undo and in whatever folder it is."""
    monkeypatch.syspath_prepend(tmp_path)
    helper = tmp_path / "prompts" / "flow" / "tones.py"
    importing = "from prompts.flow.tones import TONE\n\n\ndef a_prompt() -> str:\n    return f'{TONE}: {{chunk}}'\n"
    version = read_version("flow", 1, write(tmp_path, "prompts_v1.py", importing))
    helper.write_text("TONE = 'dry'\n", encoding="utf-8")
    first = load_module(version)

    helper.write_text("TONE = 'wry'\n", encoding="utf-8")
    edited = load_module(version)
    helper.write_text("TONE = 'dry'\n", encoding="utf-8")

    assert (first.a_prompt(), edited.a_prompt()) == ("dry: {chunk}", "wry: {chunk}")
    assert load_module(version) is first
    assert digest([first]) != digest([edited])


def test_a_helper_that_fails_is_named(tmp_path, monkeypatch):
    """The error has the file of the helper, not of the version that imports it, and the line."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "tones.py").write_text("\nTONE = 1 / 0\n", encoding="utf-8")

    with pytest.raises(VersionError, match=r"^tones.py can't be imported: ZeroDivisionError: .* \(line 2\).$"):
        load_module(read_version("flow", 1, write(tmp_path, "prompts_v1.py", "import tones\n")))


def test_a_module_that_fails_names_its_file(tmp_path):
    """An error while it is run is a VersionError with the file and what happened."""
    with pytest.raises(VersionError, match=r"prompts_v1.py can't be imported: ZeroDivisionError"):
        load_module(read_version("flow", 1, write(tmp_path, "prompts_v1.py", "1 / 0\n")))
