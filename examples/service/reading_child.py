"""Reads one PDF from standard input and prints its pages as JSON: python -m examples.service.reading_child."""

import json
import sys

from dataflows.pdf_pages import read_pages

_MOST_BYTES = 2**30
_MOST_CHARACTERS = 5_000_000


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))


def _told(pdf: bytes) -> dict[str, object]:
    try:
        pages = read_pages(pdf)
    except ValueError as error:
        return {"error": str(error)}
    characters = sum(map(len, pages))
    if characters > _MOST_CHARACTERS:
        return {"error": f"this PDF has {characters} characters of text; at most {_MOST_CHARACTERS} are read"}
    return {"pages": pages}


if __name__ == "__main__":
    _limit_memory()
    json.dump(_told(sys.stdin.buffer.read()), sys.stdout)
