"""What every version, dataflow and page must be; they are found, not listed."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from dataflows import DATAFLOWS
from workbench.graphs import graph
from workbench.graphs.execution import execute
from workbench.prompts.current import FILE as CURRENT
from workbench.prompts.current import current_of
from workbench.prompts.slot_check import check_template
from workbench.prompts.versions import FILE_NAME, folder_of, load_module, versions_of
from workbench.settings import ROOT

VERSIONS = {
    f"{name} {label}": (DATAFLOWS[name], version)
    for name in DATAFLOWS
    for label, version in versions_of(name, ROOT).items()
}
PAGES = sorted((ROOT / "pages").glob("*.py"))
BELOW_PAGES = sorted(path for folder in ("workbench", "dataflows", "prompts") for path in (ROOT / folder).rglob("*.py"))
of_every_version = pytest.mark.parametrize(("dataflow", "version"), VERSIONS.values(), ids=list(VERSIONS))
of_every_dataflow = pytest.mark.parametrize("name", list(DATAFLOWS))


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports, wherever the import stands in it; its own package apart."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


@of_every_version
def test_a_version_has_each_prompt_of_its_dataflow(dataflow, version):
    """Its module gives every prompt, so that none is left as an input, and the dataflow builds with it."""
    wanted = graph.prompt_names(graph.build(dataflow, None, {}), dataflow)

    built = graph.build(dataflow, load_module(version), {})

    assert [name for name in wanted if built.graph.nodes[name].user_defined] == []


@of_every_version
def test_a_version_uses_known_slots_only(dataflow, version):
    """What its code gives with its defaults is a template that the dataflow can fill, and loses nothing."""
    built = graph.build(dataflow, load_module(version), {})
    slots = graph.slots_of(dataflow)

    texts = execute(built, list(version.prompts), {}, {})

    problems = {name: [f.message for f in check_template(texts[name], slots[name]) if f.is_error] for name in texts}
    assert problems == {name: [] for name in texts}


@of_every_version
def test_a_version_says_why_it_is_there(dataflow, version):
    """Its module begins with its label and a reason, and each prompt has a docstring."""
    assert re.match(rf"{version.label}: \S", version.doc)
    assert [name for name, prompt in version.prompts.items() if not prompt.doc] == []


@of_every_dataflow
def test_version_numbers_have_no_gap(name):
    """Versions are v1, v2, v3 ..., and nothing lies beside them but what names the current one."""
    labels = list(versions_of(name, ROOT))

    assert labels == [f"v{number}" for number in range(1, len(labels) + 1)]
    assert labels
    others = [path.name for path in folder_of(name, ROOT).glob("*.py") if not FILE_NAME.fullmatch(path.name)]
    assert others == [CURRENT]


@of_every_dataflow
def test_one_version_is_the_current_one(name):
    """current.py names a version that is there, and gives it to who imports it."""
    number = current_of(folder_of(name, ROOT))

    module = importlib.import_module(f"prompts.{name}.current")
    assert f"v{number}" in versions_of(name, ROOT)
    assert module.prompts.__name__.endswith(f"prompts_v{number}")


@of_every_dataflow
def test_a_dataflow_draws_and_has_one_output(name):
    """It builds without a prompt module, has one output, and Hamilton draws it with all of its prompts."""
    dataflow = DATAFLOWS[name]
    built = graph.build(dataflow, None, {})

    drawn = built.display_all_functions().source

    assert graph.output_name(built, dataflow) in drawn
    assert all(prompt in drawn for prompt in graph.prompt_names(built, dataflow))


@of_every_dataflow
def test_a_dataflow_says_what_the_workbench_needs(name):
    """Its document and its chunks are nodes, each of its slots belongs to one of its prompts, its nodes have docs."""
    dataflow = DATAFLOWS[name]
    built = graph.build(dataflow, None, {})

    assert {dataflow.document, dataflow.chunks} <= set(built.graph.nodes)
    assert set(graph.slots_of(dataflow)) == set(graph.prompt_names(built, dataflow))
    undocumented = [n.name for n in built.graph.nodes.values() if not n.user_defined and not n.documentation]
    assert undocumented == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_short(path):
    """A page reads from top to bottom in at most 120 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_there_are_pages():
    """The pages are found at all."""
    assert "compare.py" in [path.name for path in PAGES]


def test_streamlit_is_known_to_pages_only():
    """Nothing below the pages imports it."""
    assert len(BELOW_PAGES) > 40
    assert [path.name for path in BELOW_PAGES if "streamlit" in imported(path)] == []


def test_nothing_imports_upwards():
    """Dataflows and prompts know neither the workbench nor each other; the workbench knows no page."""
    above = {"dataflows": {"workbench", "pages", "prompts", "app"}, "workbench": {"pages", "prompts", "app"}}

    found = {
        path.name: imported(path) & above[path.relative_to(ROOT).parts[0]]
        for path in BELOW_PAGES
        if path.relative_to(ROOT).parts[0] in above
    }

    assert [name for name, names in found.items() if names] == []


def test_prompts_import_nothing_but_hamilton():
    """A prompt module is plain functions, so that any service can take it as it is."""
    modules = [path for path in BELOW_PAGES if path.relative_to(ROOT).parts[0] == "prompts"]
    found = {path.name: imported(path) - {"hamilton"} for path in modules}

    assert [name for name, names in found.items() if names] == []
