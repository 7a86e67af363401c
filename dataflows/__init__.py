"""Hamilton dataflows. They run wherever a Hamilton driver runs; nothing here knows the workbench."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Dataflow:
    """A dataflow the workbench offers; by default its prompt versions are in prompts/<name>/."""

    modules: tuple[str, ...]
    """Dotted names of its Hamilton modules."""
    document: str = ""
    """The node or input that holds the document; its type decides what it gets. Empty: it reads none."""
    chunks: str = ""
    """The node that holds the pieces the document is read in: list[str]. Empty: it has none."""
    small_model: Mapping[str, str | int] = field(default_factory=dict)
    """Hamilton config that suits a small model with a short context."""
    output: str = ""
    """The node a run returns. Empty: the one tagged role="output", or the only one that nothing needs."""
    prompts: str = ""
    """Folder of its prompt versions, relative to the project. Empty: prompts/<name>."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Hamilton config it is built with."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Defaults of its inputs, where the code has none."""
    also_prompts: tuple[str, ...] = ()
    """Nodes that are prompts though nothing tells so."""
    never_prompts: tuple[str, ...] = ()
    """Nodes that are no prompts though they look like some."""
    sample: str = ""
    """A document to try it on, relative to the project."""


DATAFLOWS: Mapping[str, Dataflow] = {
    "summarization": Dataflow(
        modules=("dataflows.summarization",),
        sample="samples/street-trees.pdf",
        document="page_texts",
        chunks="chunked_text",
        small_model={
            "chunk_detail": "telling_sentences",
            "max_chunk_tokens": 800,
            "max_telling_tokens": 200,
            "max_summary_tokens": 80,
            "max_answer_tokens": 140,
        },
    ),
    "extraction": Dataflow(
        modules=("dataflows.document", "dataflows.extraction"),
        sample="samples/tree-care-contract.pdf",
        document="page_texts",
        chunks="chunked_text",
        small_model={"max_chunk_tokens": 400, "max_record_tokens": 100, "max_repair_tokens": 80},
    ),
    "question_answering": Dataflow(
        modules=("dataflows.document", "dataflows.question_answering"),
        sample="samples/ferry-handbook.pdf",
        document="page_texts",
        chunks="passages",
        small_model={
            "max_passage_tokens": 160,
            "max_passages": 3,
            "max_answer_tokens": 120,
            "max_check_tokens": 60,
        },
    ),
}
