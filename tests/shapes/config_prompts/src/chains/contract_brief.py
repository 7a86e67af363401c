"""A page for the lawyer: which clauses of a contract bind us, and how."""

import io
import re
from functools import lru_cache

from hamilton.function_modifiers import config
from openai import OpenAI
from pypdf import PdfReader

_CLAUSE = re.compile(r"(?=\bClause \d+)")


@config.when(version="v1")
def clause_prompt__v1() -> str:
    return "Which duty does this clause lay on the tenant? One sentence."


@config.when(version="v2")
def clause_prompt__v2(party: str = "the tenant") -> str:
    return f"Which duty does this clause lay on {party}, and until when? One sentence, and the date if there is one."


@config.when(version="v1")
def brief_prompt__v1() -> str:
    return "Duties:\n{duties}\n\nPut them in order of weight. Our concern: {concern}"


@config.when(version="v2")
def brief_prompt__v2(party: str = "the tenant") -> str:
    return (
        f"You write for the lawyer of {party}.\n"
        "Duties:\n{duties}\n\n"
        "Put them in order of the dates, then of weight, as lines such as {{date}}: duty. Our concern: {concern}"
    )


def contract_text(contract_pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(contract_pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def clauses(contract_text: str, longest_clause: int = 3000) -> list[str]:
    """The clauses in their order, cut where one is too long."""
    parts = [part.strip() for part in _CLAUSE.split(contract_text) if part.strip()]
    return [part[i : i + longest_clause] for part in parts for i in range(0, len(part), longest_clause)]


@lru_cache(maxsize=1)
def _client() -> OpenAI:
    return OpenAI(max_retries=1)


def _reply(content: str, model: str, **options) -> str:
    request = {"model": model, "messages": [{"role": "user", "content": content}], **options}
    return _client().chat.completions.create(**request).choices[0].message.content


def clause_duties(clauses: list[str], clause_prompt: str, llm_name: str = "gpt-4o-mini") -> list[str]:
    duties = []
    for clause in clauses:
        question = f"{clause_prompt}\n\n{clause}"
        duties.append(_reply(question, llm_name, temperature=0.0))
    return duties


def contract_brief(
    clause_duties: list[str],
    brief_prompt: str,
    concern: str = "What can end the contract early?",
    llm_name: str = "gpt-4o-mini",
) -> str:
    """The page, as the lawyer gets it."""
    filled = brief_prompt.format_map({"duties": "\n".join(clause_duties), "concern": concern})
    return _reply(filled, llm_name)
