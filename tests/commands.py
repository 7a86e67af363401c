"""`python -m workbench compare` in tests: in this process, or in one of its own."""

import os
import subprocess
import sys

from workbench.settings import ROOT

CHUNKS = ["--input", "max_chunk_tokens=64"]
PAGES = [
    " ".join(f"Garden {number} has roses and tulips in each of its corners." for number in range(12)),
    " ".join(f"Ocean {number} has whales and many small fish." for number in range(12)),
]
LAST = "summarize_text_from_summaries_prompt"


def started(folder, server, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKBENCH_"))}
    environment |= {"WORKBENCH_HOME": str(folder / "home"), "OPENAI_API_KEY": "k" * 24, "PYTHONPATH": str(ROOT)}
    environment |= {"OPENAI_BASE_URL": server.url, "WORKBENCH_MODEL": "fake"} if server else {}
    command = [sys.executable, "-m", "workbench", "compare", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def compared(folder, server, *arguments):
    """Exit code, standard output and error of one comparison."""
    process = started(folder, server, *arguments)
    output, problem = process.communicate(timeout=60)
    return process.returncode, output, problem
