"""What the first model call needs, loaded while a command waits for its documents: together it takes over a second."""

import importlib
import threading

from workbench.engine.answer_prices import has_price, load
from workbench.models.catalog import call_request
from workbench.records import ModelChoice


def load_ahead(choice: ModelChoice) -> None:
    """Begin to load the client and the price list in a thread; whoever needs them first waits for the rest."""
    if choice.endpoint == "remote":
        origin = call_request(choice, "").origin
        threading.Thread(target=_load, args=(origin,), name="loading-ahead", daemon=True).start()


def _load(origin: str) -> None:
    importlib.import_module("workbench.models.chat_client")
    importlib.import_module("toktok")
    if has_price(origin):
        load()
