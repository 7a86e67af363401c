"""Endpoints of the clients that a dataflow has of its own, asked as they would: with their key, headers and query."""

import hashlib
import json
from collections import OrderedDict

from workbench.interception.asked import AskedCall
from workbench.models.endpoints import Endpoint
from workbench.models.openai_endpoint import OpenAIEndpoint

_KEPT = 64
_OURS = frozenset({"accept", "accept-encoding", "connection", "content-length", "content-type", "host"})
"""Headers that belong to one request and not to who asks."""


class CodeEndpoints:
    """One endpoint for each address and who asks there; keys stay in memory. For one event loop."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Endpoint] = OrderedDict()

    def of(self, asked: AskedCall) -> Endpoint:
        """Where this call goes.

        Raises:
            UsageError: The client's base URL can't be used.
        """
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in _OURS}
        who = json.dumps([asked.base_url, sorted(headers.items()), sorted(asked.query.items())])
        key = hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()
        found = self._known.get(key)
        if found is None:
            found = OpenAIEndpoint(asked.base_url, headers=headers, query=dict(asked.query))
            self._known[key] = found
        self._known.move_to_end(key)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found
