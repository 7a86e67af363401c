"""Prompts that a Hamilton driver loads out of a store."""

import pytest
from hamilton import driver

from dataflows import summarization
from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import CachedStore, LoadedPrompts, PromptSource, PromptStore, PromptStoreError
from prompts.summarization import prompts_v1, prompts_v2
from tests.scripted import ScriptedModel

FLOW = "summarization"
NAMES = sorted(summarization.SLOTS)
INPUTS = {"max_chunk_tokens": 200, "query": "Why?"}
OVERRIDES = {"page_texts": ["Gardens have roses. " * 100]}


@pytest.fixture
def store(tmp_path):
    """With v1 and v2 of the summarization, parameters filled; v2 is in production."""
    store = PromptStore(tmp_path / "prompts.db")
    for module in (prompts_v1, prompts_v2):
        texts = driver.Builder().with_modules(module).build().execute(NAMES)
        store.add_version(FLOW, texts, reason=module.__doc__)
    store.move_label(FLOW, "production", 2, by="Ada", why="won")
    return store


def asked_by(modules, **inputs):
    """What the model is asked."""
    model = ScriptedModel()
    chain = driver.Builder().with_modules(summarization, *modules).build()
    chain.execute(["summarized_text"], inputs={**INPUTS, "model": model, **inputs}, overrides=OVERRIDES)
    return model.batches


@pytest.mark.parametrize(
    ("which", "module"),
    [({"prompt_version": "v1"}, prompts_v1), ({"prompt_version": "2"}, prompts_v2), ({}, prompts_v2)],
)
def test_loaded_prompts_ask_what_the_module_asks(store, which, module):
    """By number and by the label production, which is the default; byte for byte."""
    loaded = asked_by([loader_module(FLOW, NAMES)], prompt_store=CachedStore(store), **which)

    assert loaded == asked_by([module])


def test_the_same_arguments_give_the_same_module():
    """The order of names doesn't count; another dataflow has a module of its own."""
    assert loader_module(FLOW, NAMES) is loader_module(FLOW, NAMES[::-1])
    assert loader_module("other", NAMES) is not loader_module(FLOW, NAMES)


def test_loaded_prompts_can_be_told_from_others():
    """They are tagged as prompts out of a store, have docs, and need the store and a version."""
    nodes = driver.Builder().with_modules(loader_module(FLOW, NAMES)).build().graph.nodes

    tags = [{name: nodes[prompt].tags[name] for name in ("kind", "source")} for prompt in NAMES]
    assert tags == [{"kind": "prompt", "source": "store"}] * 2
    assert all(nodes[prompt].documentation for prompt in NAMES)
    assert sorted(name for name, node in nodes.items() if node.user_defined) == ["prompt_store", "prompt_version"]


def test_all_prompts_of_an_execution_are_of_one_version(store):
    """A label that moves between two prompts changes neither of them; the version that answered is a node too."""

    class Moving(PromptSource):
        def load(self, dataflow: str, which: int | str) -> LoadedPrompts:
            loaded = store.load(dataflow, which)
            store.move_label(FLOW, "production", 1, by="Bo", why="meanwhile")
            return loaded

    chain = driver.Builder().with_modules(loader_module(FLOW, NAMES)).build()

    found = chain.execute([*NAMES, "loaded_prompts"], inputs={"prompt_store": Moving()})

    assert {name: found[name] for name in NAMES} == store.version(FLOW, 2).texts
    assert found["loaded_prompts"].version == 2


def test_hamiltons_cache_keeps_no_loaded_prompt(store, tmp_path):
    """A label that was moved is seen by the next execution, with caching on."""
    chain = driver.Builder().with_modules(loader_module(FLOW, NAMES)).with_cache(path=tmp_path / "cache").build()
    inputs = {"prompt_store": store}
    before = chain.execute(NAMES, inputs=inputs)

    store.move_label(FLOW, "production", 1, by="Ada", why="better")

    assert chain.execute(NAMES, inputs=inputs) == store.version(FLOW, 1).texts != before


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "0 prompts"),
        (["a b"], "is not a plain name"),
        (["class"], "is a Python keyword"),
        (["a__b"], "mean something to Hamilton"),
        (["prompt_store"], "is the loader's own"),
    ],
)
def test_names_that_can_be_no_nodes_are_refused(names, message):
    """With the name and what is wrong with it."""
    with pytest.raises(ValueError, match=message):
        loader_module(FLOW, names)


def test_a_version_without_a_prompt_says_so(store):
    """A dataflow that got a prompt more since names the version and the prompt."""
    chain = driver.Builder().with_modules(loader_module(FLOW, [*NAMES, "new_prompt"])).build()

    with pytest.raises(PromptStoreError, match="v2 of summarization has no new_prompt in the prompt store"):
        chain.execute(["new_prompt"], inputs={"prompt_store": store})
