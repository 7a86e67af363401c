"""Prompts out of a store, as a Hamilton module: functions that bear the prompts' names (the article's second pattern).

    from dataflows import prompt_loader, summarization
    from dataflows.prompt_store import CachedStore, PromptStore

    loader = prompt_loader.loader_module("summarization", sorted(summarization.SLOTS))
    chain = driver.Builder().with_modules(summarization, loader).build()
    store = CachedStore(PromptStore("postgresql://service@database/prompts"))
    chain.execute(["summarized_text"], inputs={"prompt_store": store, "prompt_version": "production", …})

All prompts of one execution are of one version, even when a label is moved meanwhile: they come out of the node
loaded_prompts, which also says which version answered.
"""

import hashlib
import json
import sys
import threading
from collections.abc import Callable, Sequence
from types import ModuleType

from hamilton.function_modifiers import cache, tag

from dataflows.prompt_store import LoadedPrompts, PromptSource, PromptStoreError
from dataflows.templates import wrong_name

_OWN_NAMES = {"loaded_prompts", "prompt_store", "prompt_version"}
_making = threading.Lock()


def loader_module(dataflow: str, prompt_names: Sequence[str]) -> ModuleType:
    """A module with the node loaded_prompts and a node for each prompt; the same one for the same arguments.

    Its inputs are prompt_store, a PromptStore or CachedStore, and prompt_version, a number ("v2") or a label; by
    default "production". Prompts are tagged kind="prompt", source="store". Hamilton's cache keeps none: labels move.

    Raises:
        ValueError: There is no name, or one that can't be a node's or is the loader's own.
    """
    names = sorted(set(prompt_names))
    if not names:
        raise ValueError(f"there are 0 prompts of {dataflow} to load; at least 1 is needed")
    for name in names:
        if wrong := wrong_name(name) or ("is the loader's own" if name in _OWN_NAMES else ""):
            raise ValueError(f"the prompt {name[:80]!a} {wrong}")
    digest = hashlib.sha256(json.dumps([dataflow, names]).encode()).hexdigest()[:16]
    module_name = f"{__name__}.loader_{digest}"
    with _making:
        if module_name in sys.modules:
            return sys.modules[module_name]
        module = ModuleType(module_name, f"Prompts of {dataflow}, loaded from a store.")
        for function in (_loaded_prompts(dataflow), *map(_prompt, names)):
            # Hamilton takes a module's functions by the module they say they are of, which it looks up by its name.
            function.__module__ = module_name
            setattr(module, function.__name__, function)
        sys.modules[module_name] = module
    return module


def _loaded_prompts(dataflow: str) -> Callable[..., LoadedPrompts]:
    def loaded_prompts(prompt_store: PromptSource, prompt_version: str = "production") -> LoadedPrompts:
        """All prompts of one version, and which one it is."""
        return prompt_store.load(dataflow, prompt_version)

    tagged: Callable[..., LoadedPrompts] = cache(behavior="recompute")(tag(source="store")(loaded_prompts))
    return tagged


def _prompt(name: str) -> Callable[..., str]:
    def prompt(loaded_prompts: LoadedPrompts) -> str:
        if name not in loaded_prompts.texts:
            version = f"v{loaded_prompts.version} of {loaded_prompts.dataflow}"
            raise PromptStoreError(f"{version} has no {name} in the prompt store; add a version that has it")
        return loaded_prompts.texts[name]

    prompt.__name__ = prompt.__qualname__ = name
    prompt.__doc__ = f"The text of {name} in the version that was loaded."
    tagged: Callable[..., str] = cache(behavior="recompute")(tag(kind="prompt", source="store")(prompt))
    return tagged
