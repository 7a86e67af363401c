"""Hamilton dataflows. They run wherever a Hamilton driver runs; nothing here knows the workbench."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Dataflow:
    """A dataflow the workbench offers; its prompt versions are in prompts/<name>/."""

    modules: tuple[str, ...]
    """Dotted names of its Hamilton modules."""
    document: str
    """The node that holds the document: list[str], one text per page."""
    chunks: str
    """The node that holds the pieces the document is read in: list[str]."""
    small_model: Mapping[str, str | int] = field(default_factory=dict)
    """Hamilton config that suits a small model with a short context."""


DATAFLOWS: Mapping[str, Dataflow] = {
    "summarization": Dataflow(
        modules=("dataflows.summarization",),
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
}
