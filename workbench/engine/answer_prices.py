"""What answers cost, without holding up the event loop: the price list takes 0.3 to 0.6 s to load."""

import asyncio
import logging
import threading

from workbench.models.addresses import is_loopback
from workbench.models.prices import cost_usd
from workbench.records import Answer, CallRequest

_loading = threading.Lock()
_loaded = threading.Event()
_unknown: set[tuple[str, str]] = set()
"""(model, origin) of what is on no list; looked up anew each time, that would cost as much as keeping the answer."""


def load_soon(request: CallRequest) -> None:
    """Begin to load the price list in a thread, while the endpoint thinks; once per process."""
    if has_price(request.origin) and not _loaded.is_set() and _loading.acquire(blocking=False):
        asyncio.get_running_loop().run_in_executor(None, _load)


def has_price(origin: str) -> bool:
    """Whether calls there may be on a price list; without a look at one."""
    return origin != "local" and not is_loopback(origin)


def load() -> None:
    """Load the price list in this thread, unless somebody does already."""
    if not _loaded.is_set() and _loading.acquire(blocking=False):
        _load()


async def cost_of(request: CallRequest, answer: Answer) -> float | None:
    """US dollars; 0 for the local model, None when the price is unknown."""
    if request.origin == "local":
        return 0.0
    if not has_price(request.origin) or (request.model, request.origin) in _unknown:
        return None
    if not _loaded.is_set():
        return await asyncio.to_thread(_cost_of, request, answer)
    return _cost_of(request, answer)


def _load() -> None:
    cost_usd("", "remote", 0, 0)
    _loaded.set()


def _cost_of(request: CallRequest, answer: Answer) -> float | None:
    try:
        cost = cost_usd(request.model, "remote", answer.input_tokens, answer.output_tokens, request.origin)
    except Exception:
        logging.getLogger(__name__).exception("no price could be worked out; the answer is kept without one")
        return None
    if cost is None:
        _unknown.add((request.model, request.origin))
    return cost
