"""What a set of prompts asks, as one hash: evidence is of texts, and a draft keeps its label when it is edited."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from workbench.records import Prompt, Variant, Version


def texts_sha256(prompts: Iterable[Prompt]) -> str:
    """SHA-256 (hex) over names, templates and parameters, whatever their order; docstrings and layout don't count.

    Empty when there is no prompt, or one that computes its text: nobody can tell such texts apart by reading.
    """
    told = sorted(prompts, key=lambda prompt: prompt.name)
    if not told or any(prompt.reason and not prompt.template for prompt in told):
        return ""
    # As ASCII, since a lone surrogate has no bytes of its own.
    return hashlib.sha256(json.dumps([1, *map(_asked, told)], ensure_ascii=True).encode("ascii")).hexdigest()


def _asked(prompt: Prompt) -> list[Any]:
    parameters = sorted((own.name, own.default is None, own.default or "") for own in prompt.parameters)
    return [prompt.name, prompt.template, parameters]


def variant_sha256(variant: Variant, versions: Mapping[str, Version]) -> str:
    """The hash of what a variant asks; empty as for texts_sha256, or when a version of it is gone.

    Args:
        variant: A version, a draft, or a combination of both.
        versions: Label -> version, as they were when it ran.
    """
    if variant.base not in versions:
        return ""
    prompts = dict(versions[variant.base].prompts)
    for name, label in variant.prompts_from.items():
        if label not in versions or name not in versions[label].prompts:
            return ""
        prompts[name] = versions[label].prompts[name]
    for name, template in variant.templates.items():
        prompts[name] = replace(prompts.get(name, Prompt(name, "")), template=template, reason="")
    return texts_sha256(prompts.values())
