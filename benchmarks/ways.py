"""Three ways to do one work: K prompt versions on a PDF of N chunks, each run as a command that prints its answers."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.calls import clean_environment
from benchmarks.commands import Took, run

QUERY = "What is the core argument?"
_PROMPTS = {"chunk": "summarize_chunk_of_text_prompt", "last": "summarize_text_from_summaries_prompt"}

Versions = Mapping[str, Mapping[str, str]]
"""Name -> {"chunk": ..., "last": ...}."""


@dataclass(frozen=True)
class Work:
    """What is asked of a way."""

    pdf: Path
    url: str
    max_chunk_tokens: int
    in_flight: int


def versions(count: int, *, one_chunk_prompt: bool = False, edited: bool = False) -> dict[str, dict[str, str]]:
    """That many prompt versions.

    Args:
        count: 1 or more.
        one_chunk_prompt: They differ in the last prompt only.
        edited: The last prompt of the last version is another one.
    """
    found = {}
    for number in range(1, count + 1):
        first = "Summarize" if one_chunk_prompt else f"In at most {number} sentences, summarize"
        last = f"From these notes, answer in {number} sentences{', in order' if edited and number == count else ''}"
        found[f"version-{number}"] = {
            "chunk": f"{first} what this text reports.\n\n{{chunk}}",
            "last": f"{last}: {{query}}\n\n{{results}}",
        }
    return found


def yardstick(work: Work, asked: Versions, home: Path, kill_when: Callable[[], bool] | None = None) -> Took:
    """By hand: benchmarks/yardstick.py."""
    command = [*_script("yardstick", work, asked, home), "--store", str(home / "answers.db")]
    return run(command, _environment(work, home), kill_when)


def original(work: Work, asked: Versions, home: Path, kill_when: Callable[[], bool] | None = None) -> Took:
    """The whole chain each time: benchmarks/original_way.py, and Hamilton as it is, with all of its extensions."""
    environment = _environment(work, home)
    environment.pop("HAMILTON_AUTOLOAD_EXTENSIONS", None)
    return run(_script("original_way", work, asked, home), environment, kill_when)


def ours(
    work: Work, asked: Versions, home: Path, kill_when: Callable[[], bool] | None = None, *, plan: bool = False
) -> Took:
    """`python -m workbench compare`, each version a draft; with `plan`, all of it but the calls."""
    command = [sys.executable, "-m", "workbench", "compare", str(work.pdf), *(["--plan"] if plan else ["--json", "-"])]
    command += ["--in-flight", str(work.in_flight), "--input", f"query={QUERY}"]
    command += ["--input", f"max_chunk_tokens={work.max_chunk_tokens}"]
    for name, prompts in asked.items():
        command += ["--draft", f"{name}=v1"]
        for short, prompt in _PROMPTS.items():
            command += ["--set", f"{name}.{prompt}={prompts[short]}"]
    took = run(command, _environment(work, home), kill_when)
    if plan or not took.output:
        return took
    answers = {own["variant"]: own["output"] for own in json.loads(took.output)["runs"]}
    return Took(took.seconds, took.cpu, took.peak_mb, json.dumps(answers))


WAYS = {"by hand: httpx, SQLite": yardstick, "the original example's way": original, "ours": ours}


def _script(name: str, work: Work, asked: Versions, home: Path) -> list[str]:
    file = home / "versions.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    command = [sys.executable, "-m", f"benchmarks.{name}", str(work.pdf), "--versions", str(file), "--url", work.url]
    command += ["--query", QUERY, "--in-flight", str(work.in_flight)]
    return [*command, "--max-chunk-tokens", str(work.max_chunk_tokens)]


def _environment(work: Work, home: Path) -> dict[str, str]:
    return {**clean_environment(home), "OPENAI_BASE_URL": work.url, "WORKBENCH_MODEL": "fake"}
