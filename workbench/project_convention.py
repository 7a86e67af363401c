"""The dataflows of a project that doesn't name any: modules with a chain and a prompt, as a reader would find them."""

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dataflows import Dataflow
from workbench.project_scan import FoundModule, missing, scan

_ANONYMOUS = {"flow", "dataflow", "main", "pipeline", "chain", "nodes", "graph", "functions", "__init__"}
"""Names of modules that say less than their folder's."""
_ONLY_PROMPTS = re.compile(r"prompts?(_v[0-9]+)?")
_FILES = re.compile(r"\b(bytes|BytesIO|BinaryIO|IOBase|SpooledTemporaryFile|Path)\b")
_PAGES = re.compile(r"(pages?|page_texts)$")
_TEXTS = re.compile(r"text|transcript|ticket|document|article|content|message|mail|review|report|source$")
_NO_TEXTS = re.compile(r"query|question|prompt|model|llm|name|key|url|lang|style|rule|example")
_ROWS = re.compile(r"^(dict|list\[dict|(pd\.|pandas\.)?DataFrame)\b")
_SHARE_OF_TIME = 0.02
"""How much of the time may go into looking: what took 2 ms is looked for again after 100."""
_LONGEST_SECONDS = 5.0
_last: tuple[tuple[Path, ...], float, dict[str, Dataflow]] | None = None


def found_dataflows(root: Path, folders: Sequence[Path]) -> dict[str, Dataflow]:
    """Name -> dataflow, as they are now, or were a moment ago.

    Args:
        root: The project.
        folders: Where imports start, in their order.
    """
    global _last
    key = (root, *folders)
    began = time.monotonic()
    if _last is None or _last[0] != key or began > _last[1]:
        found = dataflows_among(root, scan(root, folders, b"prompt").modules)
        ended = time.monotonic()
        _last = (key, ended + min((ended - began) / _SHARE_OF_TIME, _LONGEST_SECONDS), found)
    return dict(_last[2])


def dataflows_among(root: Path, modules: Sequence[FoundModule]) -> dict[str, Dataflow]:
    """Name -> dataflow, for each module that has a chain and a prompt and is not a part of another one."""
    candidates = [
        own for own in modules if own.has_prompt and own.is_chain and not _ONLY_PROMPTS.fullmatch(own.path.stem)
    ]
    whole = {own.name: completed(own, modules) for own in candidates}
    parts = {part.name for parts in whole.values() for part in parts[1:]}
    dataflows: dict[str, Dataflow] = {}
    for own in candidates:
        if own.name not in parts:
            name = name_of(own)
            name = own.name.replace(".", "_") if name in dataflows else name
            dataflows[name] = dataflow_of(root, name, whole[own.name])
    return dataflows


def dataflow_of(root: Path, name: str, modules: Sequence[FoundModule]) -> Dataflow:
    """A dataflow of these modules, with the document and the prompt versions that look like its own."""
    nodes = {node: needs for own in modules for node, needs in own.nodes.items()}
    beside = modules[0].path.parent.relative_to(root).as_posix()
    folder = next((own for own in (f"prompts/{name}", "prompts", beside) if _has_versions(root / own)), "")
    names = tuple(own.name for own in modules)
    return Dataflow(modules=names, document=document_among(missing(nodes)), prompts=folder)


def name_of(module: FoundModule) -> str:
    """What a dataflow of this module is called: as its file, or as its folder where that says more."""
    return module.path.parent.name if module.path.stem in _ANONYMOUS else module.path.stem


def completed(module: FoundModule, modules: Sequence[FoundModule]) -> list[FoundModule]:
    """The module, and those beside it that alone have what it needs, and so on."""
    beside = [own for own in modules if own.path.parent == module.path.parent and own is not module]
    whole = [module]
    while beside:
        needed = missing({node: needs for own in whole for node, needs in own.nodes.items()})
        makers = [[own for own in beside if name in own.nodes] for name in needed]
        found = next((own[0] for own in makers if len(own) == 1), None)
        if found is None:
            break
        whole.append(found)
        beside.remove(found)
    return whole


def document_among(inputs: Mapping[str, str]) -> str:
    """The input that most likely holds the document; empty when none does.

    Args:
        inputs: Name -> annotation.
    """
    fitting = {name: kind for name, kind in inputs.items() if not _NO_TEXTS.search(name)}
    files = [name for name, kind in fitting.items() if _FILES.search(kind)]
    pages = [name for name, kind in fitting.items() if kind == "list[str]" and _PAGES.search(name)]
    texts = [name for name, kind in fitting.items() if kind == "str" and _TEXTS.search(name)]
    rows = [name for name, kind in fitting.items() if _ROWS.search(kind)]
    return next(iter((*files, *pages, *texts, *rows)), "")


def _has_versions(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("prompts_v*.py"))
