"""Notes of an interview; all turns are asked about at once."""

import asyncio

from openai import AsyncOpenAI

aclient = AsyncOpenAI()
_at_once = 5


def turn_prompt() -> str:
    """Stands before each stretch."""
    return """\
Below is a stretch of an interview. Keep what the guest claims, with names and places, as short notes.
Never guess what was meant.

Stretch:
"""


def notes_prompt(voice: str = "the magazine") -> str:
    """The last request, with the notes of all stretches."""
    return f"""\
Notes from one interview, in order:
{{turn_notes}}

Rewrite them in the voice of {voice}. The editor asks: {{editor_question}}
"""


def stretches(transcript: str, lines_each: int = 12) -> list[str]:
    """The transcript in stretches of some lines."""
    lines = [line for line in transcript.splitlines() if line.strip()]
    return ["\n".join(lines[start : start + lines_each]) for start in range(0, len(lines), lines_each)]


async def _ask(text: str, model: str, gate: asyncio.Semaphore) -> str:
    async with gate:
        response = await aclient.chat.completions.create(model=model, messages=[{"role": "user", "content": text}])
    return response.choices[0].message.content


async def _note(stretch: str, prompt: str, model: str, gate: asyncio.Semaphore) -> str:
    text = prompt
    text += stretch
    return await _ask(text, model, gate)


async def turn_notes(stretches: list[str], turn_prompt: str, openai_gpt_model: str = "gpt-4o-mini") -> list[str]:
    """Notes of each stretch, in the order of the interview."""
    gate = asyncio.Semaphore(_at_once)
    return await asyncio.gather(*[_note(stretch, turn_prompt, openai_gpt_model, gate) for stretch in stretches])


async def interview_notes(
    turn_notes: list[str],
    notes_prompt: str,
    editor_question: str = "What is new here?",
    openai_gpt_model: str = "gpt-4o-mini",
) -> str:
    """The notes as they go to the editor."""
    numbered = [f"{number}. {note}" for number, note in enumerate(turn_notes, start=1)]
    request = notes_prompt.format(turn_notes="\n".join(numbered), editor_question=editor_question)
    return await _ask(request, openai_gpt_model, asyncio.Semaphore(1))
