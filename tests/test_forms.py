"""The forms a dataflow's prompts can have."""

import pytest

from dataflows import DATAFLOWS
from workbench import settings
from workbench.graphs import graph
from workbench.graphs.forms import FORMS, driver_of, facts_of, reached_by
from workbench.prompts.versions import versions_of

DATAFLOW = DATAFLOWS["summarization"]
CONFIGS = ({}, {"chunk_detail": "telling_sentences"})
VERSION = versions_of("summarization", settings.ROOT)["v2"]
PROMPT = "summarize_chunk_of_text_prompt"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("config", CONFIGS)
def test_every_form_is_built_whatever_was_built_before(form, config):
    """Each form has the same nodes, also after Hamilton has built the other alternatives of a node."""
    for other in CONFIGS:
        graph.build(DATAFLOW, None, other)

    built = driver_of(DATAFLOW, form, VERSION, config)

    assert graph.output_name(built, DATAFLOW) == "summarized_text"
    assert built.graph.nodes[PROMPT].user_defined == (form == "inputs")
    assert "chunk_content" in built.graph.nodes


def test_in_one_module_a_node_keeps_its_source_and_its_parameters():
    """A node of the one module shows the code, docstring and defaults it has in its file."""
    built = driver_of(DATAFLOW, "one module", VERSION, {})

    facts = facts_of(built, PROMPT)

    assert facts is not None
    assert facts.doc == "Key points of one chunk, each with its reasoning."
    assert facts.source.startswith(f"def {PROMPT}(content_type")
    assert facts.module.endswith("prompts_v2.py")
    assert built.execute([PROMPT])[PROMPT].startswith("Summarize this text from an academic paper.")


def test_a_prompt_reaches_itself_and_all_that_follows():
    """What a prompt reaches is what has to run again when it changes; it comes in the order of the chain."""
    built = driver_of(DATAFLOW, "version", VERSION, {})

    assert reached_by(built, "summarize_text_from_summaries_prompt") == [
        "summarize_text_from_summaries_prompt",
        "prompt_and_text_content",
        "summarized_text",
    ]
    assert reached_by(built, "nothing") == []
