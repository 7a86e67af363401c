"""A/B tests for tests: drafts, and running ones whose arms are taken to have passed the gate."""

from dataclasses import replace

from dataflows.ab import Arm, ArmPrompts, StopRule, drafted, started

NAME = "shorter"
RULE = StopRule()
LOG = {"by": "Ada", "why": "to try it"}
CONTROL = Arm("control", 50.0, ArmPrompts("module", "v1"))
CANDIDATE = Arm("candidate", 50.0, ArmPrompts("module", "v3"))


def draft_test(*arms, name=NAME, rule=RULE):
    """A draft of two arms, or of these."""
    return drafted(name, "summarization", arms or (CONTROL, CANDIDATE), "helpful", rule, **LOG)


def passed(arms):
    """As after the gate."""
    return [replace(arm, passed_sha256="0" * 64) for arm in arms]


def running_test(tests, *arms, **options):
    """A running test that is kept; its arms are taken to have passed."""
    made = draft_test(*arms, **options)
    begun = started(made, passed(made.arms), **LOG)
    for own in (made, begun):
        tests.add(own)
    return begun
