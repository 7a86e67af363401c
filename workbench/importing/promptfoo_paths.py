"""Files that a promptfoo configuration names: read when they were given with it, never fetched, never run."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.importing.chat import messages_of_node, read_chat, read_chat_or_text
from workbench.importing.decoding import decode
from workbench.importing.failures import ImportFailed, shown
from workbench.importing.gathering import Gathering
from workbench.importing.jinja_text import read_jinja
from workbench.importing.pieces import Fault, Reading
from workbench.importing.yaml_nodes import compose

_SCHEME = "file://"
_CODE = {
    ".py",
    ".js",
    ".cjs",
    ".mjs",
    ".ts",
    ".cts",
    ".mts",
    ".sh",
    ".bash",
    ".exe",
    ".bat",
    ".cmd",
    ".ps1",
    ".rb",
    ".pl",
}
_TEXTS = {".txt", ".md", ".j2"}
_CHATS = {".json", ".yaml", ".yml"}
_MAX_PATH_CHARS = 300
# One word with such an ending is a path without file:// too; what follows a colon names a function.
_BARE = re.compile(r"[^\s{}:]+\.(?:txt|md|j2|jsonl?|csv|ya?ml|py|[cm]?[jt]s)(?::\w+)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"^[ \t]*---[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One entry of a configuration's list of prompts."""

    position: int
    """In the list, from 1."""
    line: int
    label: str = ""
    """What the configuration calls it; mostly nothing."""

    @property
    def what(self) -> str:
        """What it is called in refusals."""
        return self.label or f"prompt {self.position}"


def is_path(text: str) -> bool:
    """Whether the text names a file, for promptfoo, instead of being the prompt itself."""
    return text.startswith(_SCHEME) or (len(text) <= _MAX_PATH_CHARS and bool(_BARE.fullmatch(text)))


def take_path(gathering: Gathering, beside: Mapping[str, bytes], entry: Entry, text: str) -> None:
    """The prompts of the file that the text names, or a refusal at the line where it does."""
    path = posixpath.normpath(text.removeprefix(_SCHEME).replace("\\", "/"))[:_MAX_PATH_CHARS]
    ending = posixpath.splitext(posixpath.basename(path).partition(":")[0])[1].lower()
    content = beside.get(path, beside.get(posixpath.basename(path)))
    if ending in _CODE:
        gathering.refuse(entry.what, entry.line, f"{shown(path)} is code, which is not run")
    elif re.search(r"[*?\[]", path):
        gathering.refuse(entry.what, entry.line, f"{shown(path)} stands for several files; each has to be named")
    elif ending not in _TEXTS | _CHATS:
        gathering.refuse(entry.what, entry.line, f"{shown(path)} is no kind of file that is read here")
    elif content is None:
        gathering.refuse(entry.what, entry.line, f"the file {shown(path)} was not given with this one")
    else:
        try:
            source = decode(path, content)
        except ImportFailed as error:
            gathering.refuse(entry.what, entry.line, error.message)
            return
        label = entry.label or posixpath.splitext(posixpath.basename(path))[0]
        for part, lines_before in _parts(source, ending):
            reading = _read_part(gathering.count(part), ending, path).moved(lines_before)
            gathering.take(label, reading, lines_before + 1, file=path)


def _parts(source: str, ending: str) -> Iterator[tuple[str, int]]:
    """The file's prompts, each with the number of lines above it: a .txt file is split at lines of ---, and trimmed."""
    if ending != ".txt":
        yield source, 0
        return
    lines_before = 0
    end = 0
    for separator in [*_SEPARATOR.finditer(source), None]:
        part = source[end : separator.start() if separator else len(source)]
        if text := part.strip():
            above = part[: len(part) - len(part.lstrip())].count("\n")
            yield text, lines_before + above
        if separator:
            lines_before += part.count("\n")
            end = separator.end()


def _read_part(text: str, ending: str, path: str) -> Reading:
    if ending in (".yaml", ".yml"):
        try:
            messages = messages_of_node(compose(text, shown(path)))
        except ImportFailed as error:
            return Reading("", (Fault(1, error.message),))
        return read_chat(messages) if messages else Reading("", (Fault(1, "it is no list of messages"),))
    if ending == ".json" and not text.lstrip().startswith("["):
        return Reading("", (Fault(1, "it is no list of messages"),))
    return read_jinja(text) if ending in (".md", ".j2") else read_chat_or_text(text)
