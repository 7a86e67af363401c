"""One prompt, five sources: typed, from the store, in the dataflow's module, by config, by module."""

import pytest
from hamilton import driver

from dataflows import DATAFLOWS
from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import PromptStore
from examples.service import config_prompts
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from tests.scripted import ScriptedModel
from workbench import settings
from workbench.graphs import graph
from workbench.graphs.forms import driver_of
from workbench.graphs.rendering import rendered_prompts
from workbench.prompts.versions import load_module, versions_of

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
