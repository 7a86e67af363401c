"""An A/B test with what came of it as JSON, for programs: the figures of the page."""

from typing import Any

from dataflows.ab import ABTest
from workbench.ab.figures import MOST_VOTES, ABFigures
from workbench.ab.verdict import ABVerdict, ArmVerdict, Look, rule_words

SCHEMA = 1


def test_json(test: ABTest) -> dict[str, Any]:
    """What it is, without what came of it; plain JSON values."""
    return {
        "name": test.name,
        "dataflow": test.dataflow,
        "state": test.state,
        "number": test.number,
        "by": test.by,
        "why": test.why,
        "at": test.at.isoformat(),
        "outcome": test.outcome,
        "rule": {"alpha": test.rule.alpha, "most_units": test.rule.most_units, "said": rule_words(test)},
        "weights": test.weights,
    }


def report_json(test: ABTest, figures: ABFigures, verdict: ABVerdict) -> dict[str, Any]:
    """All of it; shares and rates from 0 to 1, null where nothing is known."""
    exposed, weights = sum(figures.exposed.values()), sum(test.weights.values())
    by_arm = {own.arm: own for own in verdict.arms}
    arms = []
    for arm in test.arms:
        units, count = figures.exposed.get(arm.name, 0), figures.count(arm.name)
        arms.append(
            {
                "name": arm.name,
                "prompts": {"way": arm.prompts.way, "version": arm.prompts.version, "file": arm.prompts.file},
                "weight": arm.weight,
                "share": arm.weight / weights,
                "units": units,
                "traffic": units / exposed if exposed else None,
                "outcomes": count.units,
                "mean": count.rate,
                "against_control": _verdict(by_arm[arm.name]) if arm.name in by_arm else None,
            }
        )
    said = {"stop": verdict.stop, "said": verdict.said, "outcomes_read_at_most": MOST_VOTES}
    return {"schema": SCHEMA, **test_json(test), "arms": arms, **said}


def _verdict(own: ArmVerdict) -> dict[str, Any]:
    looks = [_look(look) for look in own.looks]
    return {"word": own.word, "e_value_limit": own.limit, "last": looks[-1] if looks else None, "looks": looks}


def _look(look: Look) -> dict[str, Any]:
    known = look.known
    return {
        "at": look.at,
        "difference": known.difference,
        "interval": list(known.interval),
        "e_value": known.e_value,
        "blocks": known.pairs,
    }
