"""Chat prompts, lists of messages with a role: our dataflow sends one text, so only a single message can be taken."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.importing.failures import shown
from workbench.importing.jinja_text import read_jinja
from workbench.importing.pieces import Fault, Reading
from workbench.importing.yaml_nodes import Node, fields, is_small_mapping, items, text_of

_TAKEN_ROLES = ("user", "system", "developer")
# Enough to tell one message from several, however often an alias shows a long list.
_MAX_LOOKED_AT = 8


@dataclass(frozen=True)
class Message:
    """One message."""

    role: str
    content: str | None
    """None: it is no plain text."""


def read_chat_or_text(text: str) -> Reading:
    """A text as promptfoo sends it: JSON of messages as a chat, anything else as a Nunjucks template."""
    if not text.lstrip().startswith("["):
        return read_jinja(text)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        if '"role"' in text and '"content"' in text:
            return Reading("", (Fault(1, "it looks like a chat, but can't be read as JSON"),))
        return read_jinja(text)
    messages = _messages_of_json(found)
    return read_chat(messages) if messages else read_jinja(text)


def read_chat(messages: Sequence[Message]) -> Reading:
    """The only message as a template; a fault at line 1 when there are more, or it asks nothing."""
    if len(messages) > 1:
        roles = shown(", ".join(message.role for message in messages), 100)
        return _refused(f"it has several messages ({roles}), and our dataflow sends one text")
    (message,) = messages
    if message.role not in _TAKEN_ROLES:
        return _refused(f"its only message has the role {shown(message.role)}, which asks nothing")
    if message.content is None:
        return _refused(f"its {message.role} message is more than one text")
    reading = read_jinja(message.content)
    return replace(reading, notes=(*reading.notes, *role_notes(message.role)))


def role_notes(role: str) -> tuple[str, ...]:
    """What to say when a message of this role is taken."""
    if role == "user":
        return ()
    return (f"A text for the role {role} was taken; our dataflow sends it as the user's message.",)


def messages_of_node(node: Node) -> list[Message]:
    """The first messages of a YAML sequence; none when it is no chat."""
    messages = []
    for item in items(node)[:_MAX_LOOKED_AT]:
        found = fields(item, "a message") if is_small_mapping(item) else {}
        role = text_of(found.get("role"))
        if role is None:
            return []
        messages.append(Message(role, _content_of_node(found.get("content"))))
    return messages


def _messages_of_json(found: object) -> list[Message]:
    messages = []
    for item in found[:_MAX_LOOKED_AT] if isinstance(found, list) else ():
        role = item.get("role") if isinstance(item, dict) else None
        if not isinstance(role, str):
            return []
        messages.append(Message(role, _content_of_json(item.get("content"))))
    return messages


def _content_of_node(node: Node) -> str | None:
    if len(items(node)) == 1 and is_small_mapping(items(node)[0]):
        node = fields(items(node)[0], "a part").get("text")
    return text_of(node)


def _content_of_json(content: object) -> str | None:
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict):
        content = content[0].get("text")
    return content if isinstance(content, str) else None


def _refused(reason: str) -> Reading:
    return Reading("", (Fault(1, reason),))
