"""Three ways in which a service gets its prompts; each ends in modules for Hamilton's driver and says what they are."""

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from dataflows import summarization
from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import CachedStore, PromptSource, PromptStore
from examples.service import config_prompts
from examples.service.settings import Settings

DATAFLOW = "summarization"
PROMPTS = sorted(summarization.SLOTS)
_LABEL = re.compile(r"v[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Choice:
    """The prompts that one request is answered with."""

    source: str
    """The way they came: "module", "config" or "store"."""
    version: str
    module: ModuleType
    """Has a function for each prompt."""
    config: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    """The model that the version pins, and its settings; empty when it pins none."""
    label: str = ""
    stale: bool = False
    """The store is away; these are the last known ones."""
    test: str = ""
    """The A/B test that chose them; empty without one."""
    arm: str = ""


def chooser(settings: Settings) -> Callable[[], Choice]:
    """Gives the prompts for the next request.

    Raises:
        ValueError: There is no such version.
    """
    if settings.way == "store":
        store = CachedStore(PromptStore(settings.store), fallback_file=settings.last_known or None)
        return lambda: by_store(store, settings.version or "production")
    # With an A/B test these are for when nothing is known of it.
    choice = by_config(settings.version or "v3") if settings.way == "config" else by_module(settings.version)
    return lambda: choice


def by_module(version: str = "") -> Choice:
    """A prompts_vN.py, as it was merged; without a version the one that current.py names."""
    if version and not _LABEL.fullmatch(version):
        raise ValueError(f"{version[:40]!a} is no version; write v3, for example")
    package = f"prompts.{DATAFLOW}"
    try:
        module = (
            importlib.import_module(f"{package}.prompts_{version}")
            if version
            else importlib.import_module(f"{package}.current").prompts
        )
    except ModuleNotFoundError as error:
        raise ValueError(f"there is no {error.name}") from error
    provenance = getattr(module, "PROVENANCE", {})
    named = provenance.get("version") or module.__name__.rpartition("prompts_")[2]
    return _pinned(Choice("module", named, module), getattr(module, "MODEL", {}))


def by_config(version: str) -> Choice:
    """Variants under @config.when in one module; the driver's config says which."""
    choice = Choice("config", version, config_prompts, config={"version": version})
    if not any(name.endswith(f"__{version}") for name in vars(config_prompts)):
        raise ValueError(f"config_prompts.py has no variant for version={version[:40]!a}")
    return choice


def by_store(store: PromptSource, which: str) -> Choice:
    """A version or label in the prompt store, loaded by nodes of the chain."""
    loaded = store.load(DATAFLOW, which)
    # By its number, so that a label which moves before the chain runs changes nothing that is said here.
    version = f"v{loaded.version}"
    choice = Choice(
        "store",
        version,
        loader_module(DATAFLOW, PROMPTS),
        inputs={"prompt_store": store, "prompt_version": version},
        label=loaded.label,
        stale=loaded.stale,
    )
    return _pinned(choice, loaded.model)


def _pinned(choice: Choice, model: Mapping[str, Any]) -> Choice:
    """With the model that the version pins, its config and its inputs."""
    config = {**choice.config, **model.get("config", {})}
    inputs = {**model.get("inputs", {}), **choice.inputs}
    return replace(choice, config=config, inputs=inputs, model=model)
