"""What an expert would write by hand for the same work: httpx, asyncio, and answers kept in SQLite.

    python -m benchmarks.yardstick PDF --versions versions.json --url http://127.0.0.1:8000/v1 --store answers.db

versions.json maps the name of a prompt version to its two prompts: {"v1": {"chunk": "... {chunk}", "last": "..."}}.
Prints the answer of each version as JSON. Text is mended and cut by this project's functions, so that the prompts are
those of the workbench, byte for byte.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sqlite3
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Self

import httpx2
from pypdf import PdfReader

from dataflows.chunking import split
from dataflows.mending import clean_page, mend

ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 20.0


class AnswerStore:
    """Answers by the hash of what was asked."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, text TEXT NOT NULL)")

    def find(self, key: str) -> str | None:
        row = self._database.execute("SELECT text FROM answer WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def keep(self, key: str, text: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", (key, text))


class ChatModel:
    """Asks each prompt once: kept answers are reused, and equal prompts in flight share a call."""

    def __init__(self, url: str, model: str, store: AnswerStore, in_flight: int) -> None:
        self._url, self._model, self._store = f"{url}/chat/completions", model, store
        self._places = asyncio.Semaphore(in_flight)
        self._asked: dict[str, asyncio.Task[str]] = {}
        self._client = httpx2.AsyncClient(timeout=60, limits=httpx2.Limits(max_connections=in_flight))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def answer(self, prompt: str) -> str:
        body = {"model": self._model, "messages": [{"role": "user", "content": prompt}]}
        key = hashlib.sha256(json.dumps([self._url, body]).encode()).hexdigest()
        if (kept := self._store.find(key)) is not None:
            return kept
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(key, body))
        return await self._asked[key]

    async def _ask(self, key: str, body: Mapping[str, object]) -> str:
        for attempt in range(1, ATTEMPTS + 1):
            async with self._places:
                try:
                    reply = await self._client.post(self._url, json=body)
                    reply.raise_for_status()
                    text = str(reply.json()["choices"][0]["message"]["content"])
                    self._store.keep(key, text)
                    return text
                except (httpx2.HTTPError, ValueError, LookupError) as error:
                    if attempt == ATTEMPTS or not _is_passing(error):
                        raise
                    wait = _wait_of(error, attempt)
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


def _is_passing(error: Exception) -> bool:
    """Whether the same request may succeed later."""
    status = error.response.status_code if isinstance(error, httpx2.HTTPStatusError) else 0
    return status in (0, 408, 409, 429) or status >= 500


def _wait_of(error: Exception, attempt: int) -> float:
    """Seconds: what the endpoint asks for, else a random share of a limit that doubles."""
    asked = error.response.headers.get("retry-after", "") if isinstance(error, httpx2.HTTPStatusError) else ""
    if asked.replace(".", "", 1).isdecimal():
        return min(float(asked), LONGEST_WAIT_SECONDS)
    return random.uniform(0.5, 1.0) * min(0.5 * float(2**attempt), LONGEST_WAIT_SECONDS)


def chunks_of(pdf: Path | BytesIO, max_tokens: int) -> list[str]:
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    chunks = split(mend("\f".join(map(clean_page, pages))), max_tokens)
    return [chunk.replace("\f", "") for chunk in chunks]


async def run_version(model: ChatModel, prompts: dict[str, str], chunks: list[str], query: str) -> str:
    notes = await asyncio.gather(*(model.answer(prompts["chunk"].replace("{chunk}", chunk)) for chunk in chunks))
    return await model.answer(prompts["last"].replace("{query}", query).replace("{results}", "\n".join(notes)))


async def run_all(options: argparse.Namespace) -> dict[str, str]:
    versions: dict[str, dict[str, str]] = json.loads(options.versions.read_text(encoding="utf-8"))
    chunks = chunks_of(options.pdf, options.max_chunk_tokens)
    async with ChatModel(options.url, options.model, AnswerStore(options.store), options.in_flight) as model:
        runs = (run_version(model, prompts, chunks, options.query) for prompts in versions.values())
        return dict(zip(versions, await asyncio.gather(*runs), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.yardstick", description="The same work, by hand.")
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--versions", type=Path, required=True, help="JSON: name -> its two prompts")
    parser.add_argument("--url", required=True, help="base URL of the endpoint")
    parser.add_argument("--store", type=Path, required=True, help="where answers are kept")
    parser.add_argument("--model", default="fake")
    parser.add_argument("--query", default="What is the core argument?")
    parser.add_argument("--max-chunk-tokens", type=int, default=1500)
    parser.add_argument("--in-flight", type=int, default=20)
    print(json.dumps(asyncio.run(run_all(parser.parse_args()))))


if __name__ == "__main__":
    main()
