"""A process that keeps runs until it is killed, and says of each when it is kept."""

import threading
from pathlib import Path

from tests.kept_runs import kept
from workbench.history.history import History
from workbench.history.spool import Spool


def write(url: str, folder: Path, name: str, threads: int, count: int) -> None:
    """Keep `count` runs from each of so many threads; the file of this name gets a line for each that is kept.

    What went wrong stands in it as well.
    """
    history = History(url, Spool(folder / "waiting"))
    with (folder / name).open("w") as said:
        saying = threading.Lock()

        def say(line: str) -> None:
            with saying:
                said.write(line + "\n")
                said.flush()

        def work(number: int) -> None:
            try:
                for position in range(count):
                    run = kept(f"{name} {number} {position} says " + "so " * 300, variant=f"v{position % 3}")
                    history.put([run])
                    say(run.id)
            except Exception as error:  # noqa: BLE001 whatever it is, the test has to know
                say(f"error {error}")

        started = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
