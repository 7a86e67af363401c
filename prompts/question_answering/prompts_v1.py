# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v1: the first prompts, with every rule said before the passages."""


def answer_question_prompt() -> str:
    """An answer from the passages, each statement with its page."""
    return """\
Answer the question from the passages of a document. Each passage stands under its page.

Rules:
- Use only what the passages say. When they don't say it, answer: The passages don't say.
- Put the page behind each statement, as in [p. 3]; for two pages write [p. 3] [p. 5].
- Cite only pages that are given below.
- Answer in at most five sentences, in the language of the question.

Question: {question}

Passages:
{passages}

Answer:
"""


def check_answer_prompt() -> str:
    """Whether each statement of the answer is in the passages."""
    return """\
Check an answer against the passages it cites.

Go through the answer statement by statement. Begin with one of these verdicts: Supported, Partly supported, Not supported. Then name each statement that its page doesn't say, or that leaves out a condition, and what the page says instead. Judge by the passages alone.

Question: {question}

Answer:
{answer}

Passages:
{passages}

Verdict:
"""
