"""How large the calls are that a plan is about, and what they cost at least and at most."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dataflows.tokens import count_each
from workbench.engine.spending import longest_answer
from workbench.models.catalog import call_request
from workbench.models.prices import cost_usd
from workbench.records import CallRequest, ModelChoice

# Private-use characters, so that it can't be mistaken for a text of the document.
_UNKNOWN = re.compile("\ue0f0([0-9a-f]{64})\ue0f1")
_LIKELY_ANSWER = 100
_MOST_COUNTED = 20_000

_price = lru_cache(maxsize=_MOST_COUNTED)(cost_usd)  # 0.1 ms each, and plans are made anew at each edit
_counted: OrderedDict[str, int] = OrderedDict()  # request key -> tokens


@dataclass(frozen=True)
class CallSize:
    """Tokens of a call to make."""

    least: tuple[int, int]
    """(in, out), if each answer that isn't known were one token."""
    most: tuple[int, int]
    """(in, out), if each were as long as it may be."""
    likely: int
    """In, if each were 100 tokens."""


def unknown_answer(key: str) -> str:
    """What stands for the answer to a request, by its key, as long as it isn't known."""
    return f"\ue0f0{key}\ue0f1"


def holds_unknown(text: str) -> bool:
    """Whether such a mark is in a text."""
    return _UNKNOWN.search(text) is not None


def readable(text: str) -> str:
    """A text with words in the place of such marks."""
    return _UNKNOWN.sub("[an answer that isn't known yet]", text)


def sizes_of(requests: Mapping[str, CallRequest]) -> list[CallSize]:
    """A size per request, by key; their prompts may hold the unknown answers of one another."""
    return [
        _size(request, tokens, requests) for request, tokens in zip(requests.values(), _tokens(requests), strict=True)
    ]


def cost_of(model: ModelChoice, requests: Iterable[CallRequest], tokens: Sequence[tuple[int, int]]) -> float | None:
    """US dollars for calls with these (tokens in, tokens out); 0 for the local model, None for an unknown price.

    Args:
        model: Who answers; no call at all has its price too, unless the code says who.
        requests: The calls.
        tokens: Of each.
    """
    if model.endpoint == "local":
        return 0.0
    asked = list(zip(requests, tokens, strict=True))
    if not asked and model.endpoint == "remote":
        asked = [(call_request(model, ""), (0, 0))]
    costs = [_price(request.model, "remote", *own, request.origin) for request, own in asked]
    return None if None in costs else sum((cost for cost in costs if cost is not None), 0.0)


def _size(request: CallRequest, known: int, requests: Mapping[str, CallRequest]) -> CallSize:
    unknown = [key for _, content in request.messages for key in _UNKNOWN.findall(content)]
    longest = sum(longest_answer(requests[key]) for key in unknown if key in requests)
    likely = min(longest, len(unknown) * _LIKELY_ANSWER)
    return CallSize((known + len(unknown), 1), (known + longest, longest_answer(request)), known + likely)


def _tokens(requests: Mapping[str, CallRequest]) -> list[int]:
    """Tokens of each request's messages, without the answers that aren't known."""
    new = [key for key in requests if key not in _counted]
    texts = [_UNKNOWN.sub("", "\n".join(content for _, content in requests[key].messages)) for key in new]
    _counted.update(zip(new, count_each(texts), strict=True))
    found = [_counted[key] for key in requests]
    while len(_counted) > _MOST_COUNTED:
        _counted.popitem(last=False)
    return found
