"""Online A/B tests of prompts in a service: what a service needs of them, as dataflows.ab has it.

What only the workbench does stands in the modules beside: starting (after the gate), figures, verdict.
"""

from dataflows.ab import ABDatabase as ABDatabase
from dataflows.ab import ABTest as ABTest
from dataflows.ab import ABTestChangedError as ABTestChangedError
from dataflows.ab import ABTestError as ABTestError
from dataflows.ab import ABTests as ABTests
from dataflows.ab import ABTestsUnavailableError as ABTestsUnavailableError
from dataflows.ab import Arm as Arm
from dataflows.ab import ArmPrompts as ArmPrompts
from dataflows.ab import Assignment as Assignment
from dataflows.ab import LiveTests as LiveTests
from dataflows.ab import StopRule as StopRule
from dataflows.ab import UnknownABTestError as UnknownABTestError
from dataflows.ab import arm_of as arm_of
from dataflows.ab import drafted as drafted
from dataflows.ab import killed as killed
from dataflows.ab import live_tests_from as live_tests_from
from dataflows.ab import reweighted as reweighted
from dataflows.ab import stopped as stopped
from dataflows.ab import unit_hash as unit_hash
