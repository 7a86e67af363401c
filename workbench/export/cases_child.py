"""Runs the cases of an export again, in a process of its own, where the project is another one.

In: "root" (of the workbench), "project", "path", and "experiment" and "store" as for proof_child. Out: what run_again
gives.
"""

from typing import Any

from workbench.export.fresh_process import unhexed


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What came of it, as plain JSON.

    Raises:
        Exception: Whatever the modules raise.
    """
    from workbench import settings
    from workbench.export.proof_cases import run_again

    settings.open_project(request["project"])
    return run_again(request["path"], unhexed(request["experiment"]), request["store"])
