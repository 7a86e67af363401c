"""Which project is open, and the dataflows that are found in it."""

import json

import pytest

from dataflows import DATAFLOWS, Dataflow
from tests.shapes import SHAPES, shape
from workbench import project, project_convention, project_scan, settings
from workbench.errors import UsageError
from workbench.project_registry import listed_dataflows

CHAIN = """\
def brief_prompt() -> str:
    return "Say it briefly: {words}"


def words(letter_text: str) -> str:
    return letter_text


def brief(words: str, brief_prompt: str) -> str:
    return brief_prompt.format(words=words)
"""


@pytest.fixture(autouse=True)
def state(tmp_path_factory, monkeypatch):
    """A state folder of its own, no project opened or named yet; our own project is open again afterwards."""
    base = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("WORKBENCH_HOME", str(base))
    monkeypatch.delenv("WORKBENCH_PROJECT", raising=False)
    start_anew()
    yield base
    settings.open_project(settings.ROOT)


def start_anew():
    """As a new process is: nothing was opened, nothing found."""
    settings._opened.clear()
    project_convention._last = None


def write(root, path, text=CHAIN):
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def found(root):
    settings.open_project(root)
    project_convention._last = None
    return project.dataflows()


def test_the_checkout_is_the_project_until_another_is_named():
    """Without any choice the workbench is about itself, with the dataflows of its own table and its own state."""
    assert settings.project() == settings.ROOT
    assert settings.is_own_project()
    assert project.dataflows() is DATAFLOWS
    assert project.versions_folder("summarization") == settings.ROOT / "prompts" / "summarization"


def test_the_environment_names_the_project(tmp_path):
    """WORKBENCH_PROJECT is opened, and its state has a folder of its own, outside of the project."""
    environment = {"WORKBENCH_PROJECT": f" {tmp_path} ", "WORKBENCH_HOME": str(tmp_path.parent / "home")}

    opened = settings.project(environment)
    home = settings.home(environment)

    assert opened == tmp_path
    assert home.parent == tmp_path.parent / "home" / "projects"
    assert list(tmp_path.iterdir()) == []


def test_two_projects_of_one_name_have_two_state_folders(tmp_path):
    """The folder bears the name and a hash of the whole path."""
    homes = set()
    for place in ("a/letters", "b/letters"):
        (tmp_path / place).mkdir(parents=True)
        settings.open_project(tmp_path / place)
        homes.add(settings.home())

    assert len(homes) == 2
    assert all(own.name.startswith("letters-") for own in homes)


@pytest.mark.parametrize("path", ["/nowhere/at/all", __file__, "a\0b", "~nobody-of-this-name/x", "x" * 5000])
def test_what_is_no_folder_is_refused(path):
    """The sentence shows the path, whatever is wrong with it, and says what to name; the project stays."""
    settings.project()

    with pytest.raises(UsageError, match="is no folder") as raised:
        settings.open_project(path)

    assert path[:20] in raised.value.message
    assert raised.value.hint
    assert settings.is_own_project()


def test_an_environment_that_names_no_folder_is_an_error():
    """Whoever named a project is not shown another one."""
    with pytest.raises(UsageError, match="/nowhere is no folder"):
        settings.project({"WORKBENCH_PROJECT": "/nowhere"})


def test_a_kept_project_is_open_after_a_restart(tmp_path):
    """What was chosen is opened again at the next start, unless it is gone by then."""
    chosen = tmp_path / "letters"
    chosen.mkdir()
    settings.open_project(chosen)
    settings.keep_project()

    start_anew()
    again = settings.project()
    start_anew()
    chosen.rmdir()

    assert again == chosen
    assert settings.is_own_project()


def test_projects_opened_before_are_remembered(tmp_path):
    """The last one comes first, each once, at most eight; what is gone is left out."""
    for number in [*range(10), 3]:
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        settings.open_project(folder)
        settings.keep_project()
    (tmp_path / "7").rmdir()

    assert [own.name for own in settings.recent_projects()] == ["3", "9", "8", "6", "5", "4", "2"]


@pytest.mark.parametrize("spoiled", [[], {"recent_projects": 3}, {"recent_projects": [1, "a\0", "."], "project": [2]}])
def test_spoiled_settings_open_our_own_project(state, spoiled):
    """A settings file that makes no sense neither stops the start nor names a project."""
    (state / "settings.json").write_text(json.dumps(spoiled))

    assert settings.is_own_project()
    assert settings.recent_projects() == ()


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_needs_no_configuration(tmp_path, name):
    """Projects that never heard of the workbench open with their dataflow, its modules, its document, its folders."""
    root = shape(name, tmp_path)

    flows = found(root)

    (own,) = flows.values()
    assert own.modules == SHAPES[name].modules
    assert own.document == SHAPES[name].document
    assert project.folders()[0] == root / SHAPES[name].imports_from


def test_prompt_versions_are_found_in_their_folder(tmp_path):
    """prompts/<name>/ is where versions are when it has some, else where the first one will be."""
    root = shape("parallel_summarizer", tmp_path)
    found(root)

    assert project.versions_folder("catalogue_guide") == root / "prompts" / "catalogue_guide"
    assert [own.name for own in project.versions_folder("catalogue_guide").glob("*.py")]


def test_a_module_that_completes_another_is_no_dataflow_of_its_own(tmp_path):
    """Nodes that one module needs and only one beside it has make the two one dataflow."""
    write(tmp_path, "flows/letter.py", CHAIN.replace("letter_text", "clean_text"))
    write(tmp_path, "flows/cleaning.py", "def clean_text(letter_text: str) -> str:\n    return letter_text\n")

    assert found(tmp_path) == {
        "letter": Dataflow(modules=("flows.letter", "flows.cleaning"), document="letter_text"),
    }


def test_prompts_in_a_module_of_their_own_are_a_part(tmp_path):
    """prompts.py beside the chain makes no dataflow, it gives the chain its prompts."""
    prompt, chain = CHAIN.split("\n\n\n", 1)
    write(tmp_path, "letter/main.py", chain)
    write(tmp_path, "letter/prompts.py", prompt)

    assert found(tmp_path)["letter"].modules == ("letter.main", "letter.prompts")


def test_what_only_looks_like_a_prompt_is_no_dataflow(tmp_path):
    """Functions with a prompt that don't feed each other are a service, and so are tests and environments skipped."""
    write(tmp_path, "app/service.py", "def ask(user_prompt: str) -> str: ...\ndef tell(number: int) -> str: ...\n")
    write(tmp_path, "tests/chain.py")
    write(tmp_path, "python/pyvenv.cfg", "")
    write(tmp_path, "python/lib/chain.py")
    write(tmp_path, ".hidden/chain.py")

    assert found(tmp_path) == {}


def test_an_edit_is_seen_without_a_restart(tmp_path):
    """A file that comes, changes or goes changes what is found, also with the same size and time."""
    path = write(tmp_path, "flows/letter.py")
    first = found(tmp_path)
    path.write_text(CHAIN.replace("letter_text", "ticket_text"))
    second = found(tmp_path)
    path.unlink()

    assert [own["letter"].document for own in (first, second)] == ["letter_text", "ticket_text"]
    assert found(tmp_path) == {}


@pytest.mark.parametrize("text", [b"def x(", b"\0", b"\xff\xfe", b"(" * 9000, b"def prompt_x(a: " + b"[" * 400])
def test_a_file_that_does_not_parse_hides_no_other(tmp_path, text):
    """It is told with its line, and the rest is found."""
    write(tmp_path, "flows/broken.py", text)
    write(tmp_path, "flows/letter.py")

    scan = project_scan.scan(tmp_path, (tmp_path,))

    assert list(found(tmp_path)) == ["letter"]
    assert [own.path.name for own in scan.unreadable] == ["broken.py"]


def test_a_huge_repository_is_looked_at_in_part(tmp_path):
    """2,000 files are looked at, and it is said that there are more; files over 1 MB are left out."""
    write(tmp_path, "a/large.py", CHAIN + "#" * 1_000_000)
    for number in range(project_scan.MOST_FILES):
        (tmp_path / "a" / f"m{number}.py").touch()

    scan = project_scan.scan(tmp_path, (tmp_path,))

    assert scan.is_cut
    assert scan.modules == ()


def test_the_table_of_a_project_is_read_and_not_run(tmp_path):
    """DATAFLOWS says what is a dataflow, with all plain fields; the file is never imported."""
    table = """DATAFLOWS = {
        "letter": Dataflow(modules=("flows.letter",), document="words", config={"v": 1}, also_prompts=["x"],
                           output=compute(), unheard_of=3),
        "away": Dataflow(modules=("../../away",)),
        "outside": Dataflow(modules=("flows.letter",), prompts="../prompts"),
        name: Dataflow(modules=()),
    }
    raise SystemExit("it was imported")
    """.replace("\n    ", "\n")
    write(tmp_path, "dataflows/__init__.py", table)
    write(tmp_path, "dataflows/letter.py")

    assert found(tmp_path) == {
        "letter": Dataflow(modules=("flows.letter",), document="words", config={"v": 1}, also_prompts=("x",))
    }
    assert listed_dataflows(tmp_path / "nowhere") == {}


def test_workbench_toml_wins(tmp_path):
    """What the file names is all there is; imports start where it says."""
    write(tmp_path, "flows/letter.py")
    write(tmp_path, "lib/other.py")
    write(tmp_path, "workbench.toml", 'paths = ["lib"]\n[dataflows.mine]\nmodules = ["other"]\nprompts = "texts"\n')

    flows = found(tmp_path)

    assert flows == {"mine": Dataflow(modules=("other",), prompts="texts")}
    assert project.folders() == (tmp_path / "lib", tmp_path)
    assert project.versions_folder("mine") == tmp_path / "texts"


def test_a_spoiled_workbench_toml_is_told_and_nothing_is_guessed(tmp_path):
    """There are no dataflows while it makes no sense, and a sentence says where and what to do."""
    write(tmp_path, "flows/letter.py")
    write(tmp_path, "workbench.toml", "[dataflows.mine]\nmodules = [\n")

    assert found(tmp_path) == {}
    assert project.problem().startswith("workbench.toml is no TOML: ")
    assert "line" in project.problem() or "end of document" in project.problem()


def test_a_project_without_dataflows_is_empty(tmp_path):
    """An empty folder has no dataflow, no problem, and one folder that imports start from."""
    assert found(tmp_path) == {}
    assert project.problem() == ""
    assert project.folders() == (tmp_path,)
