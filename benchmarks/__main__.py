"""`python -m benchmarks [PART ...] [--quick]`: everything in one run unless parts are named."""

import argparse
import platform
import time
from collections.abc import Callable
from importlib import import_module
from os import cpu_count, getloadavg

_PARTS = {
    "engine": "benchmarks.engine",
    "calls": "benchmarks.calls",
    "peers": "benchmarks.peers",
    "pdf": "benchmarks.documents",
    "app": "benchmarks.app",
    "local": "benchmarks.small_model",
    "tracker": "benchmarks.tracker",
    "history": "benchmarks.history",
    "monitoring": "benchmarks.monitoring",
    "evaluate_page": "benchmarks.evaluate_page",
}


def main() -> None:
    """Print a Markdown table for each part as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the workbench.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(_PARTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="fewer repeats, the smallest cases: within a minute")
    chosen = parser.parse_args()
    if unknown := [part for part in chosen.parts if part not in _PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(_PARTS)}")
    print(f"{cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
    start = time.perf_counter()
    for part in chosen.parts or _PARTS:
        began = time.perf_counter()
        # Imported one by one, so that a part needs only its own packages.
        measure: Callable[..., str] = import_module(_PARTS[part]).measure
        print(measure(quick=chosen.quick))
        print(
            f"{part}: {time.perf_counter() - began:.0f} s; load {getloadavg()[0]:.1f} on {cpu_count()} cores.\n",
            flush=True,
        )
    print(f"{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
