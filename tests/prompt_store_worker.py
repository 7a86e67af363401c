"""A process that uses a prompt store, for its tests: python -m tests.prompt_store_worker URL NAME."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from dataflows.prompt_store import LabelMovedError, PromptStore

FLOW = "summarization"
VERSIONS = 4


def use(store: PromptStore, name: str) -> dict[str, list[int]]:
    """Numbers that this process' versions and the ones of all processes got, and moves that it won."""

    def add(number: int) -> tuple[int, int]:
        own = store.add_version(FLOW, {"a_prompt": f"{name} {number}"}, reason="own")
        return own, store.add_version(FLOW, {"a_prompt": f"everybody's {number}"}, reason="shared")

    with ThreadPoolExecutor(3) as threads:
        numbers = list(threads.map(add, range(VERSIONS)))
    moves = []
    for own, _ in numbers:
        try:
            before = store.labels(FLOW).get("production", 0)
            store.move_label(FLOW, "production", own, by=name, why="mine", expected=before)
        except LabelMovedError:
            continue
        moves.append(own)
    return {"own": [own for own, _ in numbers], "shared": [shared for _, shared in numbers], "moves": moves}


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(use(PromptStore(sys.argv[1]), sys.argv[2])))
