"""From a printed catalogue to a guide for visitors, rooms in parallel."""

from pathlib import Path

from hamilton.htypes import Collect, Parallelizable
from openai import OpenAI
from pypdf import PdfReader

openai_client = OpenAI()


def catalogue_pages(catalogue_pdf: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(catalogue_pdf).pages]


def room_passages(catalogue_pages: list[str], passage_words: int = 600) -> list[str]:
    """Passages of at most passage_words words; a passage may go over a page."""
    words = " ".join(catalogue_pages).split()
    return [" ".join(words[i : i + passage_words]) for i in range(0, len(words), passage_words)]


def room_passage(room_passages: list[str]) -> Parallelizable[str]:
    yield from room_passages


def room_highlights(room_passage: str, highlights_prompt: str, openai_gpt_model: str = "gpt-4o-mini") -> str:
    return _ask_about(highlights_prompt, room_passage, openai_gpt_model)


def _ask_about(instructions, passage, model_name):
    messages = [{"role": "user", "content": f"{instructions}\n---\n{passage}"}]
    reply = openai_client.chat.completions.create(model=model_name, messages=messages)
    return reply.choices[0].message.content or ""


def all_highlights(room_highlights: Collect[str]) -> list[str]:
    return list(room_highlights)


def visitor_guide(
    all_highlights: list[str],
    guide_prompt: str,
    user_query: str = "What should a family with an hour see?",
    openai_gpt_model: str = "gpt-4o-mini",
) -> str:
    values = {"highlights": "\n- ".join(all_highlights), "wish": user_query}
    messages = [{"role": "user", "content": guide_prompt.format(**values)}]
    reply = openai_client.chat.completions.create(model=openai_gpt_model, messages=messages)
    return reply.choices[0].message.content or ""
