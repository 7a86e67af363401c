# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v2: name the kind of document, so that a paper keeps its reasoning."""


def summarize_chunk_of_text_prompt(content_type: str = "an academic paper") -> str:
    """Key points of one chunk, each with its reasoning."""
    return f"Summarize this text from {content_type}. Extract any key points with reasoning.\n\nContent:"


def summarize_text_from_summaries_prompt(content_type: str = "an academic paper") -> str:
    """The key points of all chunks as one structured summary."""
    return f"""\
Collate these key points, extracted from {content_type}, into one summary.
Bring out what it argues, what it concludes and the evidence it gives, and answer the user's query.

User query: {{query}}

Use bulleted lists under three headings: Core Argument, Evidence, Conclusions.

Key points:
{{results}}

Summary:
"""
