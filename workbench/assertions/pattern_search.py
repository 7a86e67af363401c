"""regex: is the pattern found in the output, in bounded time?"""

import re

from workbench.assertions.bounded import OvertimeError, search_in_child
from workbench.assertions.findings import Finding, Question, unknown
from workbench.assertions.patterns import Pattern, translate
from workbench.assertions.texts import show

# Steps; some tens of millions are a second.
_MOST_HERE = 20_000_000


def matches(question: Question) -> Finding:
    """Is the pattern found anywhere in the output?"""
    pattern = translate(question.value)
    try:
        if may_take_long(pattern, len(question.output)):
            holds = search_in_child(pattern.python, question.output)
        else:
            holds = re.search(pattern.python, question.output, re.ASCII) is not None
    except OvertimeError as error:
        return unknown(f"{show(question.value)} can't be looked for: {error}")
    return Finding(holds, f"{show(question.value)} {'matches' if holds else 'matches nothing of'} the output")


def may_take_long(pattern: Pattern, chars: int) -> bool:
    """Whether a search of a text of so many characters belongs into a process of its own.

    Without repeated groups a search tries at most every start, every length of each endless part and every choice.
    """
    return pattern.repeats_group or (chars + 2) ** (pattern.unbounded + 1) * pattern.choices > _MOST_HERE
