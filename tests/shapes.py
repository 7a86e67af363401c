"""Small projects of teams that never heard of the workbench, as a test has them: a copy in a folder of its own."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.pdfs import text_pdf

_FOLDER = Path(__file__).parent / "shapes"


@dataclass(frozen=True)
class Shape:
    """How a project of this shape is run by hand."""

    modules: tuple[str, ...]
    """Its Hamilton modules."""
    output: str
    document: str
    """The input that holds the document."""
    prompts: tuple[str, ...]
    """Its prompt nodes, by name."""
    imports_from: str = "."
    """The folder that its imports start from."""
    prompt_module: str = ""
    """The module that its prompts come from, where they are apart."""
    config: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Values of the inputs that have no default, and small ones of those that cut the document; no document."""
    model_input: str = "openai_gpt_model"
    """The input that names the model."""


SHAPES: Mapping[str, Shape] = {
    "pdf_summarizer": Shape(
        modules=("dataflows.report_digest",),
        output="report_digest",
        document="pdf_source",
        prompts=("digest_section_prompt", "digest_whole_prompt"),
        config={"file_type": "pdf"},
        inputs={"user_query": "How much water was lost?", "section_chars": 200},
    ),
    "parallel_summarizer": Shape(
        modules=("dataflows.catalogue_guide",),
        output="visitor_guide",
        document="catalogue_pdf",
        prompts=("guide_prompt", "highlights_prompt"),
        prompt_module="prompts.catalogue_guide.prompts_v1",
        inputs={"passage_words": 30},
    ),
    "config_prompts": Shape(
        modules=("chains.contract_brief",),
        output="contract_brief",
        document="contract_pdf",
        prompts=("brief_prompt", "clause_prompt"),
        imports_from="src",
        config={"version": "v1"},
        model_input="llm_name",
    ),
    "async_summarizer": Shape(
        modules=("flows.interview_notes",),
        output="interview_notes",
        document="transcript",
        prompts=("notes_prompt", "turn_prompt"),
        inputs={"lines_each": 2},
    ),
    "ticket_triage": Shape(
        modules=("triage.flow",),
        output="triaged_ticket",
        document="raw_ticket",
        prompts=("house_style", "reply_prompt", "routing_wording"),
        inputs={
            "routing_rules": [{"words": "brake, wheel", "team": "workshop"}, {"words": "invoice", "team": "office"}],
            "routing_wording": 'Rules:\n{rules}\n\nTicket:\n{ticket}\n\nAnswer as {"team": ..., "urgent": ...}.',
        },
        model_input="llm",
    ),
}

TRANSCRIPT = "\n".join(f"Guest: My year {year} was spent in the archive of Turku." for year in range(1990, 1996))
TICKET = "My front brake squeals since Monday.\n> quoted: which bicycle?\nCan you look at it?"


def shape(name: str, folder: Path) -> Path:
    """A copy of the project in the folder, which holds nothing else of it yet; its path."""
    return Path(shutil.copytree(_FOLDER / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")))


def report_pdf(pages: int = 3) -> bytes:
    """A document for the shapes that read a PDF: 2 clauses of 39 words on each page."""
    numbered = range(1, 2 * pages, 2)
    return text_pdf([f"{_clause(number)}\n{_clause(number + 1)}" for number in numbered])


def _clause(number: int) -> str:
    return f"Clause {number} says that pipe {number} {'leaks a little and ' * 7}is mended by the town."
