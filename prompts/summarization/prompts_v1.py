# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v1: the first prompts, for any text."""


def summarize_chunk_of_text_prompt() -> str:
    """Key points of one chunk, each with its reasoning."""
    return "Summarize this text. Extract any key points with reasoning.\n\nContent:"


def summarize_text_from_summaries_prompt() -> str:
    """The key points of all chunks as one structured summary."""
    return """\
Collate these key points of a text into one summary.
Bring out what it argues, what it concludes and the evidence it gives, and answer the user's query.

User query: {query}

Use bulleted lists under three headings: Core Argument, Evidence, Conclusions.

Key points:
{results}

Summary:
"""
