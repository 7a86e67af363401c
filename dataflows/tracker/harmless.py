"""Hooks that can't fail a run, of a plain driver or an async one."""

import functools
import logging
import traceback
from collections.abc import Callable, Generator
from typing import Any

from dataflows.redaction import redact
from dataflows.tracker.cleaning import known_keys

_logger = logging.getLogger(__name__)


class _Nothing:
    """What a hook gives: an async driver awaits it, a plain one leaves it."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_NOTHING = _Nothing()


def harmless(hook: Callable[..., None]) -> Callable[..., _Nothing]:
    """The hook of a tracker, which does nothing when it is off and never raises: that would fail the service's run."""

    @functools.wraps(hook)
    def held(self: Any, **given: Any) -> _Nothing:
        if self.is_on:
            try:
                hook(self, **given)
            except Exception:  # noqa: BLE001 whatever it is, the run goes on
                log_mistake(f"in {hook.__name__}")
        return _NOTHING

    return held


def log_mistake(where: str) -> None:
    """Say what is being handled, without keys: an error of the service may be in its traceback."""
    told = redact(traceback.format_exc(), known_keys())
    _logger.error("the tracker made a mistake %s; the run goes on\n%s", where, told)
