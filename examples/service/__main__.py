"""Starts the service: python -m examples.service; README.md beside this file says what the environment may set."""

import logging
import os
import socket
import sys

import uvicorn

from examples.service.ab_way import split_of
from examples.service.app import create_app
from examples.service.chain import tracker
from examples.service.openai_model import Connection
from examples.service.prompt_ways import chooser
from examples.service.settings import read_settings


def main() -> int:
    """Serves until Ctrl+C; 2 when the environment makes no sense."""
    try:
        settings = read_settings(os.environ)
        choose = chooser(settings)
        split = split_of(settings)
        tracker()
        listening = socket.create_server((settings.host, settings.port))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 for whoever starts it
        return 2
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(message)s")
    logging.getLogger("examples.service").setLevel(logging.INFO)
    app = create_app(choose, Connection(settings.base_url, settings.model), split)
    host, port = listening.getsockname()[:2]
    way = f"prompts by {settings.way}, {settings.version or 'the version in production'}"
    line = f"Serving summaries on http://{host}:{port} ({way}; Ctrl+C ends it)"
    print(line, flush=True)  # noqa: T201 for whoever starts it
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, limit_concurrency=64))
    server.run(sockets=[listening])
    return 0


if __name__ == "__main__":
    sys.exit(main())
