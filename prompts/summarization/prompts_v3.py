# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v3: text first, one short instruction last, which small models follow best."""


def summarize_chunk_of_text_prompt() -> str:
    """One or two sentences about one chunk, with its figures."""
    return '''\
Text:
"""
{chunk}
"""

Summarize the text above in one or two sentences, with its figures.'''


def summarize_text_from_summaries_prompt() -> str:
    """One paragraph that answers the question from the notes."""
    return '''\
Notes:
"""
{results}
"""

Question: {query}
Answer the question from the notes above in one paragraph.'''
