"""A service that sends runs to an inbox, for the tracker's tests: python -m tests.tracker_worker URL RUNS.

It forks after the first half, as servers do that load the service once; both processes send the second half.
"""

import os
import sys

from dataflows.tracker import Tracker
from dataflows.tracker.database import Database
from tests.tracker_flows import built, shout


def sender(url: str, source: str):
    """Sends so many runs, and asserts that they are written."""
    tracker = Tracker("test", source=source, sinks=[Database(url)])
    chain = built(shout, adapters=[tracker])

    def send(runs: int) -> None:
        before = tracker.deliveries[0].written
        for number in range(runs):
            chain.execute(["shout"], inputs={"text": str(number)})
        assert tracker.flush(60)
        assert (tracker.deliveries[0].written - before, tracker.deliveries[0].failed) == (runs, 0)

    return send


def main(url: str, runs: int) -> None:
    send = sender(url, "process")
    send(runs // 2)
    child = os.fork()
    try:
        send(runs // 2)
    except BaseException:
        if child == 0:
            os._exit(1)
        raise
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    send(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
