"""What a yearly report says, section by section and as a whole."""

import concurrent.futures
import io
import logging
import tempfile
import time

from hamilton.function_modifiers import config
from openai import OpenAI
from pypdf import PdfReader

logger = logging.getLogger(__name__)
client = OpenAI()


def digest_section_prompt(reader: str = "a resident of the valley") -> str:
    """Goes before each section."""
    return f"You read a yearly report for {reader}. Note the figures and the promises of this section.\n\nSection:\n"


def digest_whole_prompt() -> str:
    """Goes around the notes."""
    return """The notes below come from one yearly report, in its order.

{notes}

Reply in two paragraphs. What the reader wants to know: {question}
Give figures as {{unit: figure}} where the notes have them.
"""


@config.when(file_type="pdf")
def report_text__pdf(pdf_source: str | io.BytesIO | tempfile.SpooledTemporaryFile) -> str:
    """All pages, one below the other."""
    reader = PdfReader(pdf_source)
    pages = []
    for i, page in enumerate(reader.pages):
        logger.debug("page %d of %d", i + 1, len(reader.pages))
        pages.append(page.extract_text())
    return "\n".join(pages)


def section_texts(report_text: str, section_chars: int = 4000) -> list[str]:
    """Sections of about section_chars characters that end with a word."""
    return list(_sections(report_text, section_chars))


def _sections(text, size):
    words, held = [], 0
    for word in text.split():
        if words and held + len(word) + 1 > size:
            yield " ".join(words)
            words, held = [], 0
        words.append(word)
        held += len(word) + 1
    if words:
        yield " ".join(words)


def _digest_section(section: str, instruction: str, model: str) -> str:
    content = instruction + section
    for attempt in range(3):
        try:
            completion = client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": content}], temperature=0
            )
            return completion.choices[0].message.content
        except Exception:
            if attempt == 2:
                raise
            time.sleep(0.1)


def section_notes(
    section_texts: list[str], digest_section_prompt: str, openai_gpt_model: str = "gpt-4o-mini"
) -> list[str]:
    """Notes of every section, asked for side by side."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        futures = [
            pool.submit(_digest_section, section, digest_section_prompt, openai_gpt_model) for section in section_texts
        ]
        return [future.result() for future in futures]


def question_with_notes(section_notes: list[str], digest_whole_prompt: str, user_query: str) -> str:
    """The whole text of the last request."""
    return digest_whole_prompt.format(question=user_query, notes="\n\n".join(section_notes))


def report_digest(question_with_notes: str, openai_gpt_model: str = "gpt-4o-mini") -> str:
    """The digest."""
    completion = client.chat.completions.create(
        model=openai_gpt_model,
        messages=[
            {"role": "system", "content": "You are exact and brief."},
            {"role": "user", "content": question_with_notes},
        ],
    )
    return completion.choices[0].message.content
