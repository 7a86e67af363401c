"""An A/B test as a line of ASCII JSON; databases take neither NUL nor half characters as text."""

import json
from dataclasses import asdict
from datetime import datetime

from dataflows.ab.checks import check_test
from dataflows.ab.records import ABTest, ABTestError, Arm, ArmPrompts, StopRule


def to_json(test: ABTest) -> bytes:
    """The whole test."""
    return json.dumps({**asdict(test), "at": test.at.isoformat()}, sort_keys=True, allow_nan=False).encode("ascii")


def from_json(body: bytes) -> ABTest:
    """The test that was written, checked again: whoever can write to the database may have written the row.

    Raises:
        ABTestError: It is none.
    """
    try:
        read = json.loads(body)
        arms = tuple(_arm(own) for own in read["arms"])
        at = datetime.fromisoformat(read["at"])
        test = ABTest(**{**read, "arms": arms, "rule": StopRule(**read["rule"]), "at": at})
        check_test(test)
    except ABTestError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ABTestError("an A/B test in the database can't be read: its row was written by hand") from error
    return test


def _arm(read: dict[str, object]) -> Arm:
    return Arm(
        name=str(read["name"]),
        weight=float(str(read["weight"])),
        prompts=ArmPrompts(**read["prompts"]),  # type: ignore[arg-type] # a wrong one is refused by check_test
        passed_sha256=str(read["passed_sha256"]),
    )
