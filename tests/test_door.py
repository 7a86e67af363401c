"""The door from the bench to production, walked in the shell: run, export, check, worsen, roll back."""

import json

import pytest

from tests.commands import CHUNKS, LAST, PAGES
from tests.endpoint import FakeEndpoint
from tests.pdfs import text_pdf
from tests.scratch_project import ScratchProject

BRANCH = "prompts/summarization-v4"
BRIEF = ["--draft", "brief=v3", "--set", f"brief.{LAST}=Keep it short: {{query}}\n{{results}}"]
TESTS = """\
tests:
  - vars: {document: pets.pdf}
    assert:
      - type: contains
        value: roses
"""


@pytest.fixture(scope="module")
def endpoint():
    with FakeEndpoint() as server:
        server.answer = lambda request: "No flowers." if "worse" in request.prompt else "There are roses."
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory, endpoint):
    folder = tmp_path_factory.mktemp("door")
    (folder / "pets.pdf").write_bytes(text_pdf(PAGES))
    with ScratchProject(folder, endpoint) as project:
        (project.root / "datasets" / "summarization").mkdir(parents=True)
        (project.root / "datasets" / "summarization" / "tests.yaml").write_text(TESTS)
        project.commit("what must hold")
        yield project


@pytest.fixture
def project(made):
    start = made.git("rev-parse", "main")
    yield made
    made.restore(start)


@pytest.fixture
def project_outside_of_git(project, tmp_path):
    away = (project.root / ".git").rename(tmp_path / "git")
    yield project
    away.rename(project.root / ".git")


def pdf(project):
    return str(project.root.parent / "pets.pdf")


def exported(project, *options):
    """What the export of the draft said, as JSON."""
    code, output, problem = project.run("export", *BRIEF, "--json", "-", *CHUNKS, *options)
    assert (code, problem) == (0, "")
    return json.loads(output)


def compared(project, *variants):
    code, _, problem = project.run("compare", pdf(project), *variants, *CHUNKS)
    assert (code, problem) == (0, "")


def test_a_winner_goes_from_the_shell_to_a_branch_that_passes_the_gate(project, endpoint):
    """Run, export with proof and cases, check the branch without a key: no call is made after the run."""
    compared(project, "--variant", "v3", *BRIEF)
    asked = len(endpoint.requests)
    (project.root / "prompts" / "summarization" / "notes.txt").write_text("not committed")
    status = project.git("status", "--porcelain")

    said = exported(project, "--on", pdf(project), "--cases", "--branch", "--reason", "shorter answers")

    assert len(endpoint.requests) == asked
    assert (said["version"], said["branch"]) == ("v4", BRANCH)
    assert all(line["ok"] for line in said["proof"])
    assert said["proof"][-1]["detail"] == "1 case, 0 new calls"
    assert project.git("status", "--porcelain") == status
    changed = project.git("diff", "--name-only", "main", BRANCH).split("\n")
    assert changed == ["datasets/summarization/recorded_v4.json", "prompts/summarization/prompts_v4.py"]
    source = project.git("show", f"{BRANCH}:prompts/summarization/prompts_v4.py")
    module = {}
    exec(source, module)  # our own file
    assert module[LAST]() == "Keep it short: {query}\n{results}"
    assert module["MODEL"]["name"] == "fake"
    assert (module["PROVENANCE"]["parent"], module["PROVENANCE"]["runs"]) == ("v3", 1)
    assert module["PROVENANCE"]["git_sha"] == project.git("rev-parse", "main")
    assert "roses" not in source and "Ada" not in source
    assert "There are roses." in said["text"] and "shorter answers" in said["text"]

    (project.root / "prompts" / "summarization" / "notes.txt").unlink()
    project.git("checkout", "-q", BRANCH)
    code, output, problem = project.run("check", "--baseline", "main", endpoint=False)
    assert (code, problem) == (0, "")
    assert "1 recorded case" in output and "0 calls made" in output
    assert len(endpoint.requests) == asked


def test_a_pull_request_that_worsens_a_prompt_fails_and_names_the_document(project, endpoint):
    """v4 is in production with its cases; a v5 whose answers lack what must be in them does not pass."""
    compared(project, "--variant", "v3", *BRIEF)
    exported(project, "--on", pdf(project), "--cases", "--branch")
    project.git("merge", "-q", BRANCH)
    code, output, _ = project.run("rollback", "v4", "--json", "-", endpoint=False)
    assert code == 0
    project.git("merge", "-q", json.loads(output)["branch"])
    worse = ["--draft", "worse=v4", "--set", f"worse.{LAST}=In a worse way: {{query}}\n{{results}}"]
    compared(project, "--variant", "v4", *worse)
    asked = len(endpoint.requests)

    code, _, problem = project.run("export", *worse, *CHUNKS, "--on", pdf(project), "--cases", "--write")
    assert (code, problem) == (0, "")
    code, output, _ = project.run("check", "--baseline", "main", endpoint=False)

    assert code == 1
    assert "regression: pets.pdf scores 0 with v5" in output
    assert len(endpoint.requests) == asked


def test_a_pull_request_without_a_change_of_prompts_passes(project):
    """Nothing is run and nothing is asked when prompts, dataflows and datasets are as they were."""
    (project.root / "NOTES.md").write_text("something else")
    project.commit("notes")

    code, output, problem = project.run("check", "--baseline", "main", endpoint=False)

    assert (code, problem) == (0, "")
    assert "0 calls made" in output


def test_one_changed_character_is_detected(project):
    """A file that was edited after its export does not pass, whatever was edited."""
    said = exported(project, "--write")
    path = project.root / said["path"]
    source = path.read_text()
    assert project.run("check", str(path), endpoint=False)[0] == 0

    outputs = []
    for before, after in (("Keep it short", "Keep it Short"), ('"parent": "v3"', '"parent": "v2"')):
        path.write_text(source.replace(before, after))
        outputs.append(project.run("check", str(path), endpoint=False))

    assert [code for code, *_ in outputs] == [1, 1]
    assert all("edited after the export" in output for _, output, _ in outputs)


def test_a_patch_is_taken_by_git_am(project, tmp_path):
    """The patch of an export gives the same file in another clone."""
    said = exported(project, "--patch", str(tmp_path / "v4.patch"))
    clone = tmp_path / "clone"
    project.git("clone", "-q", str(project.root), str(clone))

    project.git(
        "-C", str(clone), "-c", "user.name=B", "-c", "user.email=b@example.org", "am", str(tmp_path / "v4.patch")
    )

    assert (clone / said["path"]).read_text().endswith("}\n")
    assert "Keep it short" in (clone / said["path"]).read_text()


def test_variants_go_into_an_existing_module(project):
    """With --form config only functions are added and fallbacks step aside; old configs give what they gave."""
    path = project.root / "dataflows" / "inline_prompts.py"
    path.write_text(f'"""Ours."""\n\n\ndef {LAST}() -> str:\n    """Last."""\n    return "All: {{results}}"\n')
    project.commit("prompts beside the dataflow")

    said = exported(project, "--form", "config", "--into", "dataflows/inline_prompts.py", "--branch")

    assert all(line["ok"] for line in said["proof"])
    assert project.git("diff", "--name-only", "main", said["branch"]) == "dataflows/inline_prompts.py"
    changed = project.git("diff", "main", said["branch"]).split("\n")
    assert [line for line in changed if line.startswith("-") and not line.startswith("---")] == [
        f"-def {LAST}() -> str:"
    ]
    assert f"+def {LAST}__v1() -> str:" in changed
    assert project.git("status", "--porcelain") == ""


def test_what_was_not_run_says_so(project):
    """An export on a document that it was not run on is refused, with what to do."""
    code, _, problem = project.run("export", *BRIEF, *CHUNKS, "--on", pdf(project))

    assert code == 1
    assert "compare" in problem


def test_a_version_that_is_current_is_not_rolled_back_to(project):
    """Rolling back to the current version, or to one that isn't there, says so."""
    codes = [project.run("rollback", label, endpoint=False)[::2] for label in ("v3", "v9")]

    assert [code for code, _ in codes] == [1, 1]
    assert "current version already" in codes[0][1]
    assert "There is no version" in codes[1][1]


def test_outside_of_git_the_file_is_still_written(project_outside_of_git):
    """No repository: a branch says so in its own words, and --write works."""
    project = project_outside_of_git

    code, _, problem = project.run("export", *BRIEF, "--branch")
    written = exported(project, "--write")

    assert code == 1 and "git" in problem
    assert (project.root / written["path"]).is_file()
