"""A store of prompt versions and the labels that point at them, for any service; it needs nothing of the workbench.

    store = PromptStore("sqlite:///prompts.db")  # or "postgresql://user@host/database", with pg8000 installed
    number = store.add_version("summarization", {"answer_prompt": "…"}, reason="shorter answers")
    store.move_label("summarization", "production", number, by="Ada", why="won on all cases")
    store.roll_back("summarization", "production", by="Ada", why="too short for contracts")

Texts are stored as the dataflow fills them: with the slots it fills while it runs, and with parameters filled before.
"""

from dataflows.prompt_store.cache import CachedStore as CachedStore
from dataflows.prompt_store.cache import StoreStatus as StoreStatus
from dataflows.prompt_store.records import LabelMove as LabelMove
from dataflows.prompt_store.records import LabelMovedError as LabelMovedError
from dataflows.prompt_store.records import LoadedPrompts as LoadedPrompts
from dataflows.prompt_store.records import PromptSource as PromptSource
from dataflows.prompt_store.records import PromptStoreError as PromptStoreError
from dataflows.prompt_store.records import StoredVersion as StoredVersion
from dataflows.prompt_store.records import StoreUnavailableError as StoreUnavailableError
from dataflows.prompt_store.records import UnknownVersionError as UnknownVersionError
from dataflows.prompt_store.records import texts_sha256 as texts_sha256
from dataflows.prompt_store.store import PromptStore as PromptStore
