"""One line of JSON for each request: which prompts answered it, never what was in it."""

import json
import logging
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from examples.service.prompt_ways import Choice

LOGGER = logging.getLogger("examples.service")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass
class RequestLog:
    """What is known of a request while it is answered."""

    request_id: str
    started: float = field(default_factory=time.perf_counter)
    prompts: dict[str, Any] = field(default_factory=dict)
    model: str = ""
    calls: int = 0

    def note_prompts(self, choice: Choice) -> None:
        """Which prompts were chosen."""
        self.prompts = {"source": choice.source, "version": choice.version}
        if choice.source == "store":
            self.prompts |= {"label": choice.label, "stale": choice.stale}
        if choice.test:
            self.prompts |= {"test": choice.test, "arm": choice.arm}

    def write(self, status: int, error: str = "") -> None:
        """The line, when the request is answered."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": self.request_id,
            "status": status,
            "prompts": self.prompts,
            "model": self.model,
            "calls": self.calls,
            "seconds": round(time.perf_counter() - self.started, 3),
        }
        LOGGER.info(json.dumps(line | ({"error": error} if error else {})))


def request_id_of(given: str) -> str:
    """The id that came with the request where it is a plain one, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
