"""What the environment says of A/B tests.

AB_DATABASE         where the tests are: the workbench's database, sqlite:///path or postgresql://user@host/database
AB_UNIT_KEY         secret by which units are hashed before they are stored; the same in all services of a test
AB_MAX_AGE_SECONDS  how old what is known of a test may be, the kill switch among it (default: 30)
"""

import math
import os
from collections.abc import Mapping

from dataflows.ab.live_tests import MAX_AGE_SECONDS, LiveTests
from dataflows.ab.records import ABTestError


def live_tests_from(environment: Mapping[str, str] = os.environ) -> LiveTests:
    """The tests of AB_DATABASE; nothing is opened before they are asked for.

    Raises:
        ABTestError: AB_DATABASE is empty, or AB_MAX_AGE_SECONDS is no number above 0.
    """
    url = environment.get("AB_DATABASE", "").strip()
    if not url:
        raise ABTestError("AB_DATABASE is empty; write sqlite:///path or postgresql://user@host/database")
    age = environment.get("AB_MAX_AGE_SECONDS", "").strip() or f"{MAX_AGE_SECONDS:g}"
    try:
        seconds = float(age)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise ABTestError(f"AB_MAX_AGE_SECONDS is {age[:40]!a}; it is a number above 0")
    return LiveTests(url, max_age_seconds=seconds, key=environment.get("AB_UNIT_KEY", "").encode())
