"""The tables of tests/data/assertions: what promptfoo says of outputs, written down by hand."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from workbench.assertions.nouns import Facts

_FOLDER = Path(__file__).with_name("data") / "assertions"


class Row(NamedTuple):
    """One line of a table of outputs."""

    type: str
    value: Any
    output: str
    passes: bool | None
    """None: it can't be told, which fails the assertion and its negation."""
    threshold: float | None
    score: float | None
    facts: Facts
    variables: dict[str, Any]

    def written(self, **more: Any) -> dict[str, Any]:
        """The assertion as it stands in a file."""
        parts = {"type": self.type, "value": self.value, "threshold": self.threshold}
        if self.type in ("latency", "cost", "is-refusal"):
            del parts["value"]
        return {name: part for name, part in parts.items() if part is not None or name == "value"} | more


def table(name: str) -> Any:
    """The content of one file."""
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))


def rows(*names: str) -> list[Row]:
    """The lines of tables of outputs."""
    return [_row(group["type"], *line) for name in names for group in table(name)["groups"] for line in group["rows"]]


def _row(kind: str, value: Any, output: str, passes: bool | None, more: dict[str, Any] | None = None) -> Row:
    rest = more or {}
    facts = Facts(**rest.get("facts", {}))
    return Row(kind, value, output, passes, rest.get("threshold"), rest.get("score"), facts, rest.get("vars", {}))
