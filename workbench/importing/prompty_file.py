"""A .prompty file: YAML between two lines of ---, then its template.

Of the YAML only the name, the description, the template's language and the inputs are read: what is said of the model
may hold keys.
"""

import re

from dataflows.templates import slots
from workbench.importing.failures import ImportFailed, shown
from workbench.importing.gathering import Gathering
from workbench.importing.imported import Imported
from workbench.importing.prompty_body import read_body
from workbench.importing.prompty_inputs import sample_values
from workbench.importing.yaml_nodes import Node, compose, fields, is_mapping, is_small_mapping, text_of

_TOP = "the top of the file"
_FIRST_LINE = re.compile(r"\s*---[ \t]*\r?\n")
_LAST_LINE = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def read_prompty(text: str, name: str) -> Imported:
    """The file's prompt, when its body is one text.

    Args:
        text: The file.
        name: Of the prompt, when the file gives it none.

    Raises:
        ImportFailed: There is no YAML at its top.
    """
    first = _FIRST_LINE.match(text)
    last = _LAST_LINE.search(text, first.end()) if first else None
    if first is None or last is None:
        raise ImportFailed("the file has no YAML between two lines of ---", "Write --- above and below its settings.")
    root = compose(text[first.end() : last.start()], _TOP, text.count("\n", 0, first.end()))
    if root is not None and not is_mapping(root):
        raise ImportFailed(f"{_TOP} is no list of keys and values", "Write lines like name: value there.")
    found = fields(root, _TOP) if root is not None else {}
    gathering = Gathering()
    body = gathering.count(text[last.end() :])
    reading, lines_above = read_body(body, _language(found.get("template")))
    lines_above += text.count("\n", 0, last.end())
    description = text_of(found.get("description")) or ""
    gathering.take(text_of(found.get("name")) or name, reading.moved(lines_above), lines_above + 1, description)
    if not reading.faults:
        names = slots(reading.template)
        for slot, value in sample_values(found).items():
            if slot in names:
                gathering.note(f"{{{slot}}} has the sample value “{shown(value)}”.")
    return gathering.imported("prompty")


def _language(template: Node) -> str:
    """The template's language in lower case; jinja2 when nothing is said."""
    for key in ("format", "type", "kind"):
        if is_small_mapping(template):
            template = fields(template, "template").get(key, template)
    return (text_of(template) or "jinja2").lower()
