"""When two texts of a prompt are the same one: what they send, with every parameter at its default."""

from dataflows.templates import TemplateError, fill_some
from workbench.history.texts import sha256_of
from workbench.prompts.plain_text import fill_plain
from workbench.records import Prompt


def key_of(prompt: Prompt, source_sha256: str) -> str:
    """SHA-256 (hex) of the text that the prompt sends while nobody sets its parameters.

    The history keeps the same of each run, so that most runs are known by it alone. A prompt that is computed has no
    text to be read; it is known by its source then.

    Args:
        prompt: As a version or a draft has it.
        source_sha256: Of the module it is from.
    """
    if prompt.reason and not prompt.template:
        return sha256_of(f"computed in {source_sha256}")
    filled = {own.name: own.default for own in prompt.parameters if own.default is not None}
    try:
        text = (fill_plain if prompt.plain else fill_some)(prompt.template, filled)
    except TemplateError:  # it never ran as it is
        text = prompt.template
    return sha256_of(text)
