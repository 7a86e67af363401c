"""What counts as a model among the inputs of a dataflow: dataflows.model.Model, or a class of the same shape."""

import inspect
from collections.abc import Sequence
from typing import Any

from dataflows.model import Model


def is_model_type(kind: Any) -> bool:
    """Whether a value of this type answers prompts: an abstract class that lacks nothing but complete(prompts)."""
    if not isinstance(kind, type):
        return False
    return issubclass(kind, Model) or (
        inspect.isabstract(kind) and getattr(kind, "__abstractmethods__", ()) == {"complete"}
    )


def as_model(kind: type, model: Model) -> Any:
    """The model as a value of this type: Hamilton checks its inputs with isinstance."""
    if isinstance(model, kind):
        return model

    def complete(_: Any, prompts: Sequence[str], **limits: Any) -> list[str]:
        return model.complete(prompts, max_tokens=limits.get("max_tokens"))

    return type(kind.__name__, (kind,), {"complete": complete, "__init__": lambda _: None})()
