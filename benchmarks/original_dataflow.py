"""The dataflow in the original example's shape: its prompts are inputs, and threads are in the node that asks.

Text is mended and cut by this project's functions, so that the prompts are those of the workbench, byte for byte.
"""

from concurrent.futures import ThreadPoolExecutor

from openai import OpenAI
from pypdf import PdfReader

from dataflows.chunking import split
from dataflows.mending import clean_page, mend


def raw_text(pdf_path: str) -> str:
    """The text of all pages."""
    return mend("\f".join(clean_page(page.extract_text()) for page in PdfReader(pdf_path).pages))


def chunked_text(raw_text: str, max_chunk_tokens: int) -> list[str]:
    """The text in pieces."""
    return [chunk.replace("\f", "") for chunk in split(raw_text, max_chunk_tokens)]


def summarized_chunks(
    chunked_text: list[str], summarize_chunk_of_text_prompt: str, client: OpenAI, model_name: str, in_flight: int
) -> list[str]:
    """An answer for each chunk."""
    prompts = [summarize_chunk_of_text_prompt.replace("{chunk}", chunk) for chunk in chunked_text]
    with ThreadPoolExecutor(in_flight) as executor:
        return list(executor.map(lambda prompt: _ask(client, model_name, prompt), prompts))


def prompt_and_text_content(summarized_chunks: list[str], summarize_text_from_summaries_prompt: str, query: str) -> str:
    """The last prompt."""
    return summarize_text_from_summaries_prompt.format(query=query, results="\n".join(summarized_chunks))


def summarized_text(prompt_and_text_content: str, client: OpenAI, model_name: str) -> str:
    """The answer."""
    return _ask(client, model_name, prompt_and_text_content)


def _ask(client: OpenAI, model_name: str, prompt: str) -> str:
    reply = client.chat.completions.create(model=model_name, messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content or ""
