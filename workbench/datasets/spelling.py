"""Cases as the plain values that stand in a file, and as YAML that read_yaml gives back as it was."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from workbench.assertions.nouns import Assertion
from workbench.assertions.yaml_text import read_yaml
from workbench.datasets.nouns import Case


def spelt_case(case: Case) -> dict[str, Any]:
    """The case as it stands under "cases", without what is as by default."""
    spelt: dict[str, Any] = {"name": case.name}
    if case.document:
        spelt["document"] = case.document
    if case.inputs:
        spelt["inputs"] = dict(case.inputs)
    if case.tags:
        spelt["tags"] = list(case.tags)
    if case.threshold is not None:
        spelt["threshold"] = _number(case.threshold)
    if case.assertions:
        spelt["assert"] = [spelt_assertion(own) for own in case.assertions]
    return spelt


def spelt_assertion(assertion: Assertion) -> dict[str, Any]:
    """The assertion as it stands under "assert", without what is as by default."""
    spelt: dict[str, Any] = {"type": assertion.name}
    if assertion.value is not None:
        spelt["value"] = assertion.value
    if assertion.members:
        spelt["assert"] = [spelt_assertion(own) for own in assertion.members]
    if assertion.threshold is not None:
        spelt["threshold"] = _number(assertion.threshold)
    if assertion.weight != 1:
        spelt["weight"] = _number(assertion.weight)
    if assertion.metric:
        spelt["metric"] = assertion.metric
    return spelt


def yaml_of(value: Any) -> str:
    """YAML in block style; texts that YAML 1.2 would read as something else are quoted."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def one_line(value: Any) -> str:
    """The same in a single line, with braces and brackets."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=True, width=float("inf")
    )
    return text.strip()


class _Dumper(yaml.SafeDumper):
    """Lists of mappings stand out by two more spaces, and a text is what it is in YAML 1.2."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 PyYAML's own
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 one that stands twice is written twice
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text.strip("\n") else None if _is_itself(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


# Each look is a parse, and a dataset says "type" and "icontains" a thousand times.
@lru_cache(maxsize=10_000)
def _is_itself(text: str) -> bool:
    try:
        return bool(read_yaml(text) == text)
    except ValueError:
        return False


def _number(number: float) -> int | float:
    return int(number) if number == int(number) else number


def same_spelling(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two cases are the same in a file: true, 1 and 1.0 are three values there."""
    return repr(one) == repr(other)
