"""Projects for tests of the gate: a small one to be read, and one of the real dataflow to be run."""

import os
import shutil
import subprocess
from dataclasses import replace

import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, Lab, document_of
from tests.scripted import ScriptedEndpoint
from workbench.cases.record import record_of, record_path, to_bytes
from workbench.prompts.provenance import prompts_sha256
from workbench.prompts.versions import versions_of
from workbench.records import Variant
from workbench.settings import ROOT

REGISTRY = """\
from collections.abc import Mapping

DATAFLOWS: Mapping[str, Dataflow] = {"letters": Dataflow(modules=("dataflows.letters",), document="pages")}
raise SystemExit("the static part imported it")
"""
DATAFLOW = """\
SLOTS = {
    "draft_prompt": {"facts": Slot("what is known", required=True), "tone": Slot("how it sounds")},
    "check_prompt": {"draft": Slot("the letter", True)},
}
raise SystemExit("the static part imported it")
"""
GOOD = '''\
"""v1: a first one."""


def draft_prompt(style: str = "plain") -> str:
    """Writes the letter."""
    return f"Write a {style} letter about {{facts}}, {{tone}}."


def check_prompt() -> str:
    """Reads it again."""
    return "Check {draft}"
'''


def write(root, path, text):
    """A file of a project, with its folders."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return place


def small_project(root, *sources, dataflow=DATAFLOW):
    """A project whose dataflow can be read but not imported, with a version of each source."""
    write(root, "dataflows/__init__.py", REGISTRY)
    write(root, "dataflows/letters.py", dataflow)
    for number, source in enumerate(sources, start=1):
        write(root, f"prompts/letters/prompts_v{number}.py", source)
    return root


def module(number, chunk='"Say what is in {chunk}"', last='"Sum up {results}"'):
    """A version of the real dataflow with these expressions as its prompts."""
    return (
        f'"""v{number}: a version."""\n\n\n'
        f'def {CHUNK_PROMPT}() -> str:\n    """Reads a chunk."""\n    return {chunk}\n\n\n'
        f'def {LAST_PROMPT}() -> str:\n    """Sums up."""\n    return {last}\n'
    )


def real_project(root, sources):
    """A project of the real dataflow; sources: number -> a version's module."""
    shutil.copytree(ROOT / "dataflows", root / "dataflows", ignore=shutil.ignore_patterns("__pycache__"))
    write(root, ".gitignore", "__pycache__/\n")
    for number, source in sources.items():
        write(root, f"prompts/summarization/prompts_v{number}.py", source)
    return root


def answers(prompt):
    """A model that finds roses unless it is asked to hurry."""
    if "Hurry" in prompt:
        return f"Nothing much, in {len(prompt)} characters."
    return f"There are roses, in {len(prompt)} characters."


def record(root, number, topics=("gardens", "parks"), repetitions=1):
    """Runs a version of a real project with a scripted model and keeps its cases; gives the record."""
    label = f"v{number}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", "http://scripted")
        state = root.parent / f"{root.name}-state-{label}"
        state.mkdir()
        lab = Lab(state, ScriptedEndpoint(answers))
        try:
            lab.versions = versions_of("summarization", root)
            documents = [document_of(2, topic) for topic in topics]
            variant = Variant(label, label)
            done = lab.run(variant, documents=documents, repetitions=repetitions)
        finally:
            lab.pool.close()
    kept = record_of(done, variant, label, prompts_sha256(lab.versions[label].prompts.values()))
    assert len(kept.cases) == len(topics) * repetitions
    keep(root, kept)
    return kept


def keep(root, kept):
    """Writes a record where it belongs."""
    write(root, record_path(kept.dataflow, kept.version), to_bytes(kept))


def edited(kept, position, **fields):
    """The record with a case changed."""
    cases = list(kept.cases)
    cases[position] = replace(cases[position], **fields)
    return replace(kept, cases=tuple(cases))


def git(root, *arguments):
    """Runs git there, as nobody in particular."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    options = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *options, *arguments], cwd=root, env=environment, check=True, capture_output=True)


def commit(root, words="change"):
    """Everything as a commit."""
    if not (root / ".git").exists():
        git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", words)


def seen(report, *, errors_only=False):
    """(file name, rule) of each finding."""
    return {
        (finding.path.rpartition("/")[2], finding.rule)
        for finding in report.findings
        if finding.level == "error" or not errors_only
    }
