"""The pages of a PDF that a stranger sent, read in a process of its own: it may hang or ask for all memory."""

import json
import subprocess
import sys
from pathlib import Path

from examples.service.errors import RefusedError

_ROOT = Path(__file__).resolve().parents[2]


def read_pages(pdf: bytes, seconds: float = 30.0) -> list[str]:
    """The text of each page.

    Raises:
        RefusedError: It is no PDF with a text, or takes too long or too much memory.
    """
    command = [sys.executable, "-m", "examples.service.reading_child"]
    # The child gets nothing of our environment: what it reads must not find a key there.
    surroundings = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            command, input=pdf, capture_output=True, cwd=_ROOT, env=surroundings, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(422, f"this PDF could not be read within {seconds:g} s; print it to a simpler one") from None
    if ended.returncode:
        raise RefusedError(422, "this PDF could not be read: it takes too much memory or breaks the reader")
    told = json.loads(ended.stdout)
    if message := told.get("error"):
        raise RefusedError(422, message)
    return [str(page) for page in told["pages"]]
