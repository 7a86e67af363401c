"""What an A/B test takes: names, weights and remarks, checked before they reach a database."""

import math
import re
from collections.abc import Mapping

from dataflows.ab.records import ABTest, ABTestError, Arm

MOST_ARMS = 10
MOST_WEIGHT = 1_000_000.0
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}")
_VERSION = re.compile(r"v[1-9][0-9]{0,8}")
_LONGEST_REMARK = 2_000
_WAYS = ("module", "config", "store")


def check_test(test: ABTest) -> None:
    """Refuse what can't be split or logged.

    Raises:
        ABTestError: A name, weight, rule or remark makes no sense; or it runs and an arm hasn't passed the gate.
    """
    for kind, name in (("A/B test", test.name), ("dataflow", test.dataflow), ("outcome", test.outcome)):
        check_name(kind, name)
    if not 2 <= len(test.arms) <= MOST_ARMS:
        raise ABTestError(f"{test.name} has {_count(len(test.arms), 'arm')}; 2 to {MOST_ARMS} can be compared")
    for arm in test.arms:
        _check_arm(arm)
    if len(test.weights) < len(test.arms):
        raise ABTestError(f"{test.name} has two arms of one name; give each its own")
    check_weights(test, test.weights)
    _check_rule(test)
    for what, text in (("who changes it", test.by), ("why", test.why)):
        _check_remark(what, text)
    unchecked = [arm.name for arm in test.arms if not arm.passed_sha256]
    if test.state == "running" and unchecked:
        raise ABTestError(f"the arm {unchecked[0]} of {test.name} has not passed the gate; start the test with it")


def check_name(kind: str, name: str) -> None:
    """Refuse what is no plain name.

    Raises:
        ABTestError: It isn't 1 to 80 ASCII letters, digits, "_", "." and "-", the first a letter.
    """
    if not _NAME.fullmatch(name):
        said = "it begins with a letter and has up to 80 letters, digits, _, . and -"
        raise ABTestError(f"the name of the {kind} is {name[:80]!a}; {said}")


def check_weights(test: ABTest, weights: Mapping[str, float]) -> None:
    """Refuse weights by which nobody can be split.

    Raises:
        ABTestError: An arm is missing or unknown, a weight is out of 0 to 1,000,000, or the control arm's is 0.
    """
    if set(weights) != set(test.weights):
        raise ABTestError(f"weights are given for {', '.join(weights) or 'no arm'}; arms are {', '.join(test.weights)}")
    for name, weight in weights.items():
        if not (math.isfinite(weight) and 0 <= weight <= MOST_WEIGHT):
            raise ABTestError(f"the weight of {name} is {weight:g}; it can be 0 to {MOST_WEIGHT:,.0f}")
    if not weights[test.control.name]:
        raise ABTestError(f"the control arm {test.control.name} has the weight 0; without it there is no comparison")


def _check_arm(arm: Arm) -> None:
    check_name("arm", arm.name)
    prompts = arm.prompts
    if prompts.way not in _WAYS:
        raise ABTestError(f"the prompts of {arm.name} come by {str(prompts.way)[:40]!a}; it can be {', '.join(_WAYS)}")
    if prompts.way == "store":
        check_name("label or version", prompts.version)
    elif not _VERSION.fullmatch(prompts.version):
        raise ABTestError(f"{prompts.version[:40]!a} is no version for {arm.name}; write v3, for example")
    if (prompts.way == "config") != bool(prompts.file):
        raise ABTestError(
            f"the arm {arm.name} needs the file of its variants if its prompts come by config, and only then"
        )


def _check_rule(test: ABTest) -> None:
    if not 0.0001 <= test.rule.alpha <= 0.5:
        raise ABTestError(f"the rate of false wins is {test.rule.alpha:g}; it can be 0.0001 to 0.5")
    if not 1 <= test.rule.most_units <= 100_000_000:
        raise ABTestError(f"the test would stop at {test.rule.most_units:,} units; it can be 1 to 100,000,000")


def _check_remark(what: str, text: str) -> None:
    if not text.strip():
        raise ABTestError(f"{what} is empty; the log needs it")
    if len(text) > _LONGEST_REMARK:
        raise ABTestError(f"{what} has {len(text):,} characters; at most {_LONGEST_REMARK:,} are stored")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
