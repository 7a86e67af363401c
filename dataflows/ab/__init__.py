"""Online A/B tests of prompts, for any service; it needs nothing of the workbench, and SQLAlchemy for the database.

    tests = LiveTests("postgresql://service@database/workbench", key=secret)
    assignment = tests.assign("shorter-answers", user_id)   # the same arm each time, without a look-up
    ...                                                     # answer with the prompts of assignment.arm
    tests.exposed(assignment)
    tests.outcome("shorter-answers", user_id, "helpful", 1)

Definitions, exposures and outcomes are in the workbench's database, where the page "A/B test" shows them; units are
hashed before. None of these calls raises or waits for the database longer than a second.
"""

from dataflows.ab.assignment import arm_of as arm_of
from dataflows.ab.assignment import unit_hash as unit_hash
from dataflows.ab.changes import drafted as drafted
from dataflows.ab.changes import killed as killed
from dataflows.ab.changes import reweighted as reweighted
from dataflows.ab.changes import started as started
from dataflows.ab.changes import stopped as stopped
from dataflows.ab.changes import with_arm as with_arm
from dataflows.ab.database import ABDatabase as ABDatabase
from dataflows.ab.database import ABTestsUnavailableError as ABTestsUnavailableError
from dataflows.ab.environment import live_tests_from as live_tests_from
from dataflows.ab.live_tests import LiveTests as LiveTests
from dataflows.ab.records import ABTest as ABTest
from dataflows.ab.records import ABTestChangedError as ABTestChangedError
from dataflows.ab.records import ABTestError as ABTestError
from dataflows.ab.records import Arm as Arm
from dataflows.ab.records import ArmPrompts as ArmPrompts
from dataflows.ab.records import Assignment as Assignment
from dataflows.ab.records import StopRule as StopRule
from dataflows.ab.records import UnknownABTestError as UnknownABTestError
from dataflows.ab.store import ABTests as ABTests
