"""What the first model call needs, loaded while a command waits for its documents: together it takes over a second."""

import importlib
import threading

from workbench.engine.answer_prices import load
from workbench.records import ModelChoice


def load_ahead(choice: ModelChoice) -> None:
    """Begin to load the client and the price list in a thread; whoever needs them first waits for the rest."""
    if choice.endpoint == "remote":
        threading.Thread(target=_load, name="loading-ahead", daemon=True).start()


def _load() -> None:
    importlib.import_module("workbench.models.chat_client")
    importlib.import_module("toktok")
    load()
