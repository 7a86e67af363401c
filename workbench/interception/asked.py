"""One call of a client, as it would have gone to the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AskedCall:
    """Everything of one chat completion that decides its answer, and who asks."""

    base_url: str
    """The address before /chat/completions, without user info and query; Azure's has the deployment."""
    model: str
    messages: Sequence[Mapping[str, Any]]
    """As they were to be sent: JSON objects."""
    parameters: Mapping[str, Any]
    """The rest of the body, without what only says how the answer travels."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """With the key; names in lower case."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the address; Azure's has the api-version."""
    stream: bool = False
    stream_usage: bool = False
    """Whether a stream is to end with the tokens; code that didn't ask for that doesn't expect it."""
