"""Assertions as a person types them, outside of a file."""

from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import Assertion
from workbench.assertions.parsing import parse_assertions
from workbench.assertions.yaml_text import read_yaml
from workbench.datasets.failures import DatasetError
from workbench.datasets.lines import line_of

_PLACE = "the assertions"
_LIST = "tests"
"""What line_of takes off the place of a list that stands alone."""


def typed_assertions(text: str) -> tuple[Assertion, ...]:
    """The assertions in a text that stands under "assert:" in a file; none in an empty one.

    Raises:
        DatasetError: With the line where it is wrong.
    """
    try:
        loaded = read_yaml(text)
    except ValueError as error:
        place, sign, rest = str(error).removeprefix("line ").partition(": ")
        line, reason = (int(place), rest) if sign and place.isdecimal() else (0, str(error))
        raise DatasetError(_PLACE, line, reason, "Write them as - type: and value:.") from error
    try:
        return parse_assertions(loaded, _LIST, judged=True)
    except AssertionSyntaxError as error:
        raise DatasetError(_PLACE, line_of(text, error.where, error.reason), error.reason, error.hint) from error
