"""How many tokens a text is worth, counted offline."""

import threading
from collections.abc import Callable, Sequence
from functools import cache

_ENCODING = "o200k_base"
_BYTES_PER_TOKEN = 3.5
_loading = threading.Lock()


def count_tokens(text: str) -> int:
    """Tokens of a text in the o200k_base encoding; for models of other makers an estimate.

    Without the tokenizer's package it is the UTF-8 bytes divided by 3.5, rounded up. A lone surrogate counts as "?".
    """
    return count_each([text])[0]


def count_each(texts: Sequence[str]) -> list[int]:
    """Tokens of each text, in the same order; for many short texts far cheaper than one call for each."""
    # The tables take 0.4 s and 100 MB to load: threads that come at once wait for one loading.
    with _loading:
        count = _counter()
    try:
        return count(texts)
    except UnicodeEncodeError:
        return count([text.encode("utf-8", "replace").decode("utf-8") for text in texts])


@cache
def _counter() -> Callable[[Sequence[str]], list[int]]:
    try:
        from toktok import batch_count
    except ImportError:
        return estimate_each
    batch_count([""], _ENCODING)
    return lambda texts: list(batch_count(texts, _ENCODING, 1))


def estimate_each(texts: Sequence[str]) -> list[int]:
    """Tokens of each text as UTF-8 bytes / 3.5, rounded up."""
    return [-int(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN) for text in texts]
