"""One prompt, five sources: typed, from the store, in the dataflow's module, by config, by module."""

import pytest
from hamilton import driver

from dataflows import DATAFLOWS
from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import PromptStore
from examples.service import config_prompts
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, draft
from tests.scripted import ScriptedModel
from workbench import settings
from workbench.export.module_file import preview
from workbench.graphs import graph
from workbench.graphs.forms import driver_of
from workbench.graphs.inputs import input_specs
from workbench.graphs.rendering import rendered_prompts
from workbench.graphs.sources import versions_of_dataflow
from workbench.prompts import stored
from workbench.prompts.versions import load_module, versions_of
from workbench.records import ModelChoice, Variant

DATAFLOW = DATAFLOWS["summarization"]
PROMPTS = [CHUNK_PROMPT, LAST_PROMPT]
PAGES = ["Bees visit clover in June. They need water.", "Thyme {blooms} late. 50 % of it is wild."]


def executed(built, **inputs):
    """The rendered prompts, the output, and what the model was asked."""
    model = ScriptedModel()
    given = {"model": model, "query": "What {is} new?", **inputs}
    values = built.execute([*PROMPTS, "summarized_text"], inputs=given, overrides={"page_texts": PAGES})
    return values, model.batches


@pytest.mark.parametrize("label", ["v1", "v2"])
def test_all_sources_give_equal_prompts_and_outputs(tmp_path, label):
    """Whichever way a version's prompts come, each is byte for byte the same, and so are all calls and the output."""
    version = versions_of("summarization", settings.ROOT)[label]
    texts = rendered_prompts(DATAFLOW, version, {})
    store = PromptStore(tmp_path / "prompts.db")
    number = store.add_version("summarization", texts, reason="as merged")
    (summarization,) = graph.modules_of(DATAFLOW)

    def build(*modules):
        return driver.Builder().with_modules(*modules).allow_module_overrides()

    by_module = executed(build(summarization, load_module(version)).build())
    others = {
        "typed": executed(build(summarization).build(), **texts),
        "store": executed(
            build(summarization, loader_module("summarization", PROMPTS)).build(),
            prompt_store=store,
            prompt_version=f"v{number}",
        ),
        "one module": executed(driver_of(DATAFLOW, "one module", version, {})),
        "config": executed(build(summarization, config_prompts).with_config({"version": label}).build()),
    }

    assert by_module[0][CHUNK_PROMPT] == texts[CHUNK_PROMPT]
    assert {name: own for name, own in others.items() if own != by_module} == {}


@pytest.fixture
def stored_lab(make_lab, tmp_path, monkeypatch):
    """A lab whose project has a prompt store that holds v1 and v2, production being v1."""
    monkeypatch.setenv("WORKBENCH_PROMPT_STORE", str(tmp_path / "prompts.db"))
    store = PromptStore(tmp_path / "prompts.db")
    for label in ("v1", "v2"):
        texts = rendered_prompts(DATAFLOW, versions_of("summarization", settings.ROOT)[label], {})
        store.add_version("summarization", texts, reason=f"as {label} was merged")
    store.move_label("summarization", "production", 1, by="Ada", why="the first")
    stored.forget()
    lab = make_lab()
    lab.versions = versions_of_dataflow("summarization")
    return lab


def test_versions_of_the_store_stand_beside_the_merged_ones(stored_lab):
    """Each label and each version of the store can be chosen as a variant."""
    labels = list(stored_lab.versions)

    assert labels == ["v1", "v2", "v3", "store:v1", "store:v2", "store:production"]
    assert stored_lab.versions["store:production"].stored == 1


@pytest.mark.parametrize(("merged", "loaded"), [("v1", "store:production"), ("v2", "store:v2")])
def test_a_variant_from_the_store_makes_the_calls_of_the_merged_one(stored_lab, merged, loaded):
    """Its prompts, values and output are equal byte for byte, and it makes no call of its own."""
    first, second = Variant(merged, merged), Variant(loaded, loaded)

    calls = stored_lab.calls_of(first)
    more = stored_lab.calls_of(first, second)
    by_module, by_store = stored_lab.run(first, second).runs

    assert (calls, more) == (21, 0)
    assert by_store.prompts == by_module.prompts
    assert by_store.output == by_module.output
    assert {name: by_store.values[name] for name in by_module.values} == by_module.values


def test_a_draft_of_a_stored_version_asks_only_what_its_edit_reaches(stored_lab):
    """An edit of the last prompt on top of the store's version is one call."""
    stored_lab.run(Variant("store:production", "store:production"))

    calls = stored_lab.calls_of(draft("d", "store:production", last="Shorter."))

    assert calls == 1


def test_a_label_that_moves_after_it_was_read_changes_nothing_in_the_run(stored_lab, tmp_path):
    """What runs is what was shown, even when production points elsewhere before the run begins."""
    shown = stored_lab.versions["store:production"]

    PromptStore(tmp_path / "prompts.db").move_label("summarization", "production", 2, by="Bob", why="meanwhile")
    (run,) = stored_lab.run(Variant("store:production", "store:production")).runs

    assert run.prompts == {name: prompt.template for name, prompt in shown.prompts.items()}


def test_the_graph_of_a_stored_version_shows_its_loader(stored_lab):
    """Its prompts hang on the node that loads them, whose inputs are the store and the version asked for."""
    built = driver_of(DATAFLOW, "version", stored_lab.versions["store:v2"], {})

    loader = built.graph.nodes["loaded_prompts"]

    assert {node.name for node in loader.depended_on_by} >= set(PROMPTS)
    assert {node.name for node in loader.dependencies} == {"prompt_store", "prompt_version"}


def test_inputs_of_the_loader_are_not_asked_of_a_person(stored_lab):
    """A variant from the store has the inputs of the merged ones."""
    choice = ModelChoice("scripted", "remote")

    names = {spec.name for spec in input_specs(DATAFLOW, choice, [stored_lab.versions["store:production"]])}

    assert not names & {"prompt_store", "prompt_version"}


def test_a_draft_of_a_stored_version_is_exported_as_a_module(stored_lab):
    """The new module holds the store's prompts, with the edited one in its place."""
    base = stored_lab.versions["store:v2"]

    file = preview(base, {LAST_PROMPT: "Shorter: {results}"}, 4, "shorter")

    assert {prompt.name: prompt.template for prompt in file.prompts} == {
        CHUNK_PROMPT: base.prompts[CHUNK_PROMPT].template,
        LAST_PROMPT: "Shorter: {results}",
    }


def test_a_store_that_is_away_leaves_the_other_versions(monkeypatch):
    """Merged versions are there, and the view says what is wrong."""
    monkeypatch.setenv("WORKBENCH_PROMPT_STORE", "postgresql://nobody@127.0.0.1:1/none")

    versions = versions_of_dataflow("summarization")

    assert list(versions) == ["v1", "v2", "v3"]
    assert "can't be asked" in stored.view("summarization").problem
