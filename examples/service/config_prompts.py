"""The prompts of the summarization as config variants: with_config({"version": "v3"}) chooses."""

from hamilton.function_modifiers import config


@config.when(version="v1")
def summarize_chunk_of_text_prompt__v1() -> str:
    """Key points of one chunk, each with its reasoning."""
    return "Summarize this text. Extract any key points with reasoning.\n\nContent:"


@config.when(version="v2")
def summarize_chunk_of_text_prompt__v2(content_type: str = "an academic paper") -> str:
    """Key points of one chunk, each with its reasoning."""
    return f"Summarize this text from {content_type}. Extract any key points with reasoning.\n\nContent:"


@config.when(version="v3")
def summarize_chunk_of_text_prompt__v3() -> str:
    """One or two sentences about one chunk, with its figures."""
    return '''\
Text:
"""
{chunk}
"""

Summarize the text above in one or two sentences, with its figures.'''


@config.when(version="v1")
def summarize_text_from_summaries_prompt__v1() -> str:
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


@config.when(version="v2")
def summarize_text_from_summaries_prompt__v2(content_type: str = "an academic paper") -> str:
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


@config.when(version="v3")
def summarize_text_from_summaries_prompt__v3() -> str:
    """One paragraph that answers the question from the notes."""
    return '''\
Notes:
"""
{results}
"""

Question: {query}
Answer the question from the notes above in one paragraph.'''
