"""How many calls an edit costs: real `python -m workbench compare` processes against an endpoint that counts them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.prose import pages_of, text_of_chunks
from benchmarks.tables import exactly, table
from tests.endpoint import FakeEndpoint
from tests.pdfs import text_pdf
from workbench import settings

_CHUNKS = 20
_CHUNK_TOKENS = 400
_LATENCY = 0.05
_FIRST = "Summarize in two sentences what this text reports.\n\n{chunk}"
_FIRST_EDITED = "Summarize in one sentence what this text reports.\n\n{chunk}"
_LAST = "Answer from these notes.\n{results}\nQuestion: {query}"
_LAST_EDITED = "Answer from these notes, in one paragraph.\n{results}\nQuestion: {query}"
_OTHER_LAST = "Notes:\n{results}\n\nList what they agree on about: {query}"


_NOT_QUICK = ("that edit undone", "another process, the same once more")
_CASES = (
    ("2 variants that differ in the second prompt", _FIRST, _LAST, _CHUNKS + 2),
    ("second prompt of one edited again", _FIRST, _LAST_EDITED, 1),
    ("the same once more", _FIRST, _LAST_EDITED, 0),
    ("that edit undone", _FIRST, _LAST, 0),
    ("chunk prompt of one edited", _FIRST_EDITED, _LAST, _CHUNKS + 1),
    ("another process, the same once more", _FIRST_EDITED, _LAST, 0),
)
"""Case, the two prompts of the draft that is edited, and the calls it may cost; in this order."""


def clean_environment(home: Path) -> dict[str, str]:
    """This process's environment without a model or a key of its own, and with its state in `home`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKBENCH_"))}
    return {**ours, "WORKBENCH_HOME": str(home)}


def measure(*, quick: bool = False) -> str:
    """The table; 20 s, or 12 s when quick: then two of the three cases that cost nothing are left out."""
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder, FakeEndpoint(latency=_LATENCY) as server:
        home = Path(folder)
        document = home / "twenty-chunks.pdf"
        document.write_bytes(text_pdf(pages_of(text_of_chunks(_CHUNKS, _CHUNK_TOKENS))))
        environment = {**clean_environment(home), "OPENAI_BASE_URL": server.url, "WORKBENCH_MODEL": "fake"}
        for case, first, last, promised in _CASES:
            if quick and case in _NOT_QUICK:
                continue
            seen = len(server.requests)
            start = time.perf_counter()
            told = _compare(document, first, last, environment)
            seconds = time.perf_counter() - start
            made = len(server.requests) - seen
            if told["documents"][0]["chunks"] != _CHUNKS:
                raise RuntimeError(f"the document has {told['documents'][0]['chunks']} chunks, not {_CHUNKS}")
            rows.append((case, made, exactly(made, promised), told["calls"]["made"], told["calls"]["reused"], seconds))
    heads = ("case", "requests the endpoint saw", "promised", "calls made, as told", "reused, as told", "seconds")
    return table(f"Calls: {_CHUNKS} chunks, a process for each line", heads, rows)


def _compare(document: Path, first: str, last: str, environment: dict[str, str]) -> dict[str, Any]:
    """Compare a draft that stays as it is with one that has these two prompts; the JSON it printed."""
    chunk, result = "summarize_chunk_of_text_prompt", "summarize_text_from_summaries_prompt"
    drafts = {"stays": (_FIRST, _OTHER_LAST), "edited": (first, last)}
    command = [sys.executable, "-m", "workbench", "compare", str(document), "--json", "-"]
    command += ["--input", f"max_chunk_tokens={_CHUNK_TOKENS}"]
    for label, texts in drafts.items():
        command += [
            "--draft",
            f"{label}=v1",
            "--set",
            f"{label}.{chunk}={texts[0]}",
            "--set",
            f"{label}.{result}={texts[1]}",
        ]
    done = subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"compare ended with {done.returncode}: {done.stderr[-500:]}")
    return dict(json.loads(done.stdout))
