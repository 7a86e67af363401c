"""Prompts of a promptfoo configuration: texts in the YAML itself and files it names; templates are Nunjucks.

Source: promptfoo's documentation, "Prompt Configuration", and src/prompts of its repository.
"""

from collections.abc import Mapping
from dataclasses import replace

from workbench.importing.chat import messages_of_node, read_chat, read_chat_or_text
from workbench.importing.failures import ImportFailed, shown
from workbench.importing.gathering import Gathering
from workbench.importing.imported import Imported
from workbench.importing.promptfoo_paths import Entry, is_path, take_path
from workbench.importing.promptfoo_tests import tests_source
from workbench.importing.yaml_nodes import (
    Node,
    compose,
    fields,
    is_mapping,
    is_small_mapping,
    items,
    line_of,
    placed,
    text_of,
)

_ELSEWHERE = ("langfuse://", "portkey://", "helicone://")
_MAX_ENTRIES = 500


def read_promptfoo(text: str, beside: Mapping[str, bytes]) -> Imported:
    """The file's prompts; its tests are kept as YAML.

    Args:
        text: YAML with the key `prompts`, or a list of prompts.
        beside: Files it may name, by path or name.

    Raises:
        ImportFailed: It is no YAML, or has no prompts or too many.
    """
    root = compose(text, "the file")
    found = fields(root, "the file") if is_mapping(root) else {"prompts": root}
    entries = _entries(found.get("prompts"))
    if len(entries) > _MAX_ENTRIES:
        message = f"the file has {len(entries)} prompts; at most {_MAX_ENTRIES} are imported at once"
        raise ImportFailed(message, "Split the file.")
    gathering = Gathering()
    for position, (label, node) in enumerate(entries, 1):
        _take_entry(gathering, beside, Entry(position, line_of(node), label), node)
    return gathering.imported("promptfoo", tests_source(found))


def _entries(prompts: Node) -> list[tuple[str, Node]]:
    """Label (mostly empty) and node of every prompt."""
    if is_mapping(prompts):
        # An old form: paths as keys, labels as values.
        entries = [(text_of(value) or "", key) for key, value in prompts.value]
    elif messages_of_node(prompts) or text_of(prompts):
        entries = [("", prompts)]
    else:
        entries = [("", node) for node in items(prompts)]
    if not entries:
        raise ImportFailed("the file has no prompts", "Choose a promptfoo file that has some under the key prompts.")
    return entries


def _take_entry(gathering: Gathering, beside: Mapping[str, bytes], entry: Entry, node: Node) -> None:
    if is_small_mapping(node):
        _take_mapping(gathering, beside, entry, node)
    elif messages := messages_of_node(node):
        gathering.count(messages[0].content or "")
        gathering.take(entry.what, read_chat(messages).within(entry.line), entry.line)
    elif (text := text_of(node)) is not None:
        _take_text(gathering, beside, entry, text, node)
    else:
        gathering.refuse(entry.what, entry.line, "it is no text")


def _take_mapping(gathering: Gathering, beside: Mapping[str, bytes], entry: Entry, node: Node) -> None:
    found = fields(node, entry.what)
    raw = found.get("raw", found.get("id"))
    names = [found.get("label"), found.get("display"), found.get("id") if "raw" in found else None]
    entry = replace(entry, label=next(filter(None, map(text_of, names)), ""))
    text = text_of(raw)
    if "function" in found:
        gathering.refuse(entry.what, entry.line, "it is a function, which runs code")
    elif text is None:
        gathering.refuse(entry.what, entry.line, "it has no text under raw or id")
    else:
        if "config" in found:
            gathering.note(f"The config of {shown(entry.what)} was not imported.")
        _take_text(gathering, beside, replace(entry, line=line_of(raw)), text, raw)


def _take_text(gathering: Gathering, beside: Mapping[str, bytes], entry: Entry, text: str, node: Node) -> None:
    if text.startswith("exec:"):
        gathering.refuse(entry.what, entry.line, "it runs a program")
    elif text.startswith(_ELSEWHERE):
        gathering.refuse(entry.what, entry.line, f"{shown(text)} is stored in another service")
    elif is_path(text):
        take_path(gathering, beside, entry, text)
    else:
        gathering.take(entry.what, placed(read_chat_or_text(gathering.count(text)), node), entry.line)
