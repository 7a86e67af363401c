"""The child process that reads one PDF: python -I pdf_child.py ENGINE PATH PAGES CHARACTERS SECONDS BYTES.

A hostile PDF may crash or fill whatever reads it, so this imports nothing of ours, limits itself (SECONDS of CPU for
each page, BYTES of memory), and prints each page when it has it: what a killed child has printed still counts. The
password comes by standard input, for others can see arguments. Prints one JSON object a line:

    {"pages": 12}                       the document is open
    {"page": 0, "text": "..."}          pages in order, from 0; with "error" where the reader gave up on it
    {"end": true, "warned": false, "cut": false}
                                        all wanted pages are there; warned: the reader does not know an encoding; cut:
                                        there were more characters than wanted
    {"fail": "damaged", "why": "..."}   or "encrypted", "unsupported" (an encryption it can't open), "memory"
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Pages = tuple[int, Callable[[int], str]]


def main() -> None:
    """Read as the arguments say."""
    engine, path = sys.argv[1:3]
    max_pages, max_characters, seconds, size = map(int, sys.argv[3:])
    password = sys.stdin.buffer.read().decode("utf-8")
    _limit("RLIMIT_AS", size)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_CPU", seconds)
    say = _private_output()
    warned = _EncodingWarnings()
    logging.getLogger("pypdf").addHandler(warned)
    logging.getLogger("pypdf").propagate = False
    try:
        pages, text_of = {"pypdf": _pypdf, "pdfium": _pdfium}[engine](path, password)
        say(pages=pages)
        for page in range(min(pages, max_pages)):
            # The parent's clock ends a page that hangs; this ends it when the parent is gone.
            _limit("RLIMIT_CPU", int(time.process_time()) + seconds)
            text, error = _page(text_of, page)
            text = text[:max_characters]
            max_characters -= len(text)
            say(page=page, text=text, **({"error": error} if error else {}))
            if max_characters == 0:
                break
        say(end=True, warned=warned.seen, cut=max_characters == 0)
    except MemoryError:
        say(fail="memory", why="")
    except _LockedError as error:
        say(fail=error.args[0], why=error.args[1])
    except Exception as error:  # noqa: BLE001 - a broken PDF raises anything, bare Python errors too
        over = type(error).__name__ == "LimitReachedError"
        say(fail="memory" if over else "damaged", why=_short(error))


class _LockedError(Exception):
    """Its arguments: "encrypted" or "unsupported", and why."""


class _EncodingWarnings(logging.Handler):
    """Listens for pypdf's only word about text it turns into clean-looking garbage."""

    seen = False

    def emit(self, record: logging.LogRecord) -> None:
        self.seen = self.seen or ("encoding" in record.getMessage() and "not implemented" in record.getMessage())


def _pypdf(path: str, password: str) -> Pages:
    import pypdf

    try:
        reader = pypdf.PdfReader(path)
        # Many files are locked for editing only: they open with the empty password.
        if reader.is_encrypted and not reader.decrypt("") and not (password and reader.decrypt(password)):
            raise _LockedError("encrypted", "")
        pages = reader.pages
        return len(pages), lambda page: pages[page].extract_text()
    except NotImplementedError as error:
        if "ncrypt" in str(error):
            raise _LockedError("unsupported", _short(error)) from error
        raise


def _pdfium(path: str, password: str) -> Pages:
    import pypdfium2

    def opened(word: str | None) -> Any:
        try:
            return pypdfium2.PdfDocument(path, password=word)
        except pypdfium2.PdfiumError as error:
            reason = str(error).lower()
            if "password" in reason and word is None and password:
                return opened(password)
            if "password" in reason:
                raise _LockedError("encrypted", "") from error
            if "security" in reason:
                raise _LockedError("unsupported", _short(error)) from error
            raise

    document = opened(None)
    return len(document), lambda page: str(document[page].get_textpage().get_text_range())


def _page(text_of: Callable[[int], str], page: int) -> tuple[str, str]:
    """Text of a page, and why it could not be read, if so."""
    try:
        return text_of(page), ""
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one page's failure must not cost the others
        return "", _short(error)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:160]


def _private_output() -> Callable[..., None]:
    """Writes JSON lines to what was standard output; what C code prints goes nowhere from now on."""
    lines = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def say(**event: object) -> None:
        lines.write(json.dumps(event) + "\n")
        lines.flush()

    return say


def _limit(name: str, value: int) -> None:
    """Set a limit of this process; where the system has no such limit, the parent's clock must do."""
    try:
        import resource

        kind = getattr(resource, name)
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))
    except (ImportError, ValueError, OSError, AttributeError):
        # Windows has none, and macOS refuses a limit of address space.
        return


if __name__ == "__main__":
    main()
