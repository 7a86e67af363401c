# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v2: text first, one short instruction last, which small models follow best."""


def answer_question_prompt() -> str:
    """One or two sentences from the passages, with their pages."""
    return '''\
Text:
"""
{passages}
"""

{question} Summarize what the text above says to this in one or two sentences, with the page, as in [p. 3].'''


def check_answer_prompt() -> str:
    """Yes or no, and why."""
    return '''\
Passages:
"""
{passages}
"""

Answer: {answer}

Is the answer above in the passages? Say Yes or No, and why in one sentence.'''
