"""The datasets of a project: which files under datasets/ are some."""

import re
from pathlib import Path

from workbench.assertions.yaml_text import LARGEST_BYTES
from workbench.datasets.reading import FILE, FOLDER

MOST_FILES = 500
_MOST_LOOKED_AT = 5_000
_FORMS = (".yaml", ".yml", ".json")
_TESTS = re.compile(
    rb"(?:\A|\n)(?:\xef\xbb\xbf)?(?:tests|defaultTest)[ \t]*:"  # a mapping in YAML
    rb'|\A\s*\{[^\n]*"(?:tests|defaultTest)"[ \t]*:|\A\s*\{(?s:.*)\n[ \t]*"tests"[ \t]*:'  # and in JSON
)
_LIST = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\r?\n)*-[ \t]+(?:vars|assert|description)[ \t]*:"
)


def dataset_files(root: Path) -> list[Path]:
    """Files of datasets/*/ that are datasets: cases.yaml, and promptfoo's tests in YAML or JSON.

    Whether a file can be read is seen when it is opened; here only its form is looked at.

    Args:
        root: The project.

    Returns:
        At most MOST_FILES, by folder; in a folder cases.yaml stands first.
    """
    base = root / FOLDER
    found: list[Path] = []
    looked_at = 0
    for folder in sorted(own for own in _inside(base) if own.is_dir() and not own.name.startswith(".")):
        own = sorted(path for path in _inside(folder) if path.suffix.lower() in _FORMS and path.is_file())
        for path in sorted(own, key=lambda path: path.name != FILE):
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT or len(found) >= MOST_FILES:
                return found
            if path.name == FILE or _has_tests(path):
                found.append(path)
    return found


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # it isn't there, or may not be looked into
        return []


def _has_tests(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES)
    except OSError:
        return False
    return bool(_TESTS.search(content) or _LIST.match(content))
