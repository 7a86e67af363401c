"""One document through the chain, with the prompts that were chosen for it."""

import json
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from hamilton import driver

from dataflows import summarization
from dataflows.model import Model
from dataflows.prompt_store import texts_sha256
from dataflows.tracker import Tracker
from examples.service.prompt_ways import DATAFLOW, PROMPTS, Choice

OUTPUT = "summarized_text"


@dataclass(frozen=True)
class Summary:
    """What came out, and the hash of the prompts that were used."""

    text: str
    prompts_sha256: str


def summarize(pages: list[str], query: str, choice: Choice, model: Model) -> Summary:
    """The summary of a document; the prompts are asked for beside it, so that what is logged is what was used.

    Args:
        pages: Texts of the document's pages.
        query: The user's question; empty takes the dataflow's own.
        choice: The prompts.
        model: Answers them.
    """
    built = _built(choice.module, json.dumps(choice.config, sort_keys=True))
    inputs = {**choice.inputs, "model": model} | ({"query": query} if query else {})
    found = built.execute([OUTPUT, *PROMPTS], inputs=inputs, overrides={"page_texts": pages})
    return Summary(found[OUTPUT], texts_sha256({name: found[name] for name in PROMPTS}))


@lru_cache(maxsize=1)
def tracker() -> Tracker:
    """Tells where WORKBENCH_TRACK says it of each summary; off by default.

    Raises:
        ValueError: WORKBENCH_TRACK makes no sense.
    """
    return Tracker.from_environment(DATAFLOW, source="examples.service")


@lru_cache(maxsize=16)
def _built(prompts: ModuleType, config: str) -> driver.Driver:
    builder = driver.Builder().with_modules(summarization, prompts).with_config(json.loads(config))
    return builder.with_adapters(tracker()).build()
