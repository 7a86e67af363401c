"""An evaluation as JSON, for programs: everything but the steps of the runs, which the history keeps."""

from dataclasses import asdict
from typing import Any

from workbench.assertions.nouns import Result
from workbench.evaluation.cells import Cell
from workbench.evaluation.judged import rate_interval, unit_of
from workbench.evaluation.outcome import Outcome
from workbench.evaluation.planning import EvaluationPlan
from workbench.evaluation.sums import Tally, by_document, by_tag

SCHEMA = 1


def evaluation_json(outcome: Outcome) -> dict[str, Any]:
    """The form that `evaluate --json` writes; plain JSON values."""
    matrix = outcome.matrix
    return {
        "schema": SCHEMA,
        "dataset": {"name": matrix.dataset.name, "sha256": matrix.dataset.sha256, "cases": len(matrix.dataset.cases)},
        "dataflow": matrix.bases[0].dataflow,
        "experiments": [base.id for base in matrix.bases],
        "baseline": matrix.baseline or None,
        "seconds": outcome.seconds,
        "paid_usd": outcome.paid_usd,
        "variants": [
            {"label": own.label, "base": own.variant.base, "model": own.model.name} | _tally(outcome.tallies[own.label])
            for own in matrix.columns
        ],
        "tags": {
            tag: {label: _tally(own) for label, own in part.items()} for tag, part in by_tag(outcome.rows).items()
        },
        "documents": {
            name: {label: _tally(own) for label, own in part.items()}
            for name, part in by_document(outcome.rows).items()
        },
        "verdicts": [asdict(own) for own in outcome.verdicts],
        "joint": list(outcome.joint),
        "unit": unit_of(matrix),
        "policy": outcome.policy,
        "failures": outcome.failures,
        "cases": [
            {
                "name": row.case.name,
                "document": row.case.document,
                "sha256": matrix.dataset.documents.get(row.case.document, ""),
                "tags": list(row.case.tags),
                "regressed": list(row.regressed),
                "gained": list(row.gained),
                "cells": [_cell(cell) for entry in row.entries.values() for cell in entry.cells],
            }
            for row in outcome.rows
        ],
    }


def plan_json(plan: EvaluationPlan) -> dict[str, Any]:
    """The form that `evaluate --plan` writes; plain JSON values, null where a price is unknown."""
    return {
        "runs": plan.runs,
        "calls": {
            "to_make": plan.to_make,
            "reused": plan.reused,
            "judge_at_most": plan.judgements,
            "embeddings_at_most": plan.embeddings,
        },
        "complete": plan.complete,
        "tokens": plan.input_tokens,
        "cost_usd": {"low": plan.cost_low, "high": plan.cost_high, "of_judge_too": False},
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return asdict(tally) | {"rate": tally.rate, "interval": list(rate_interval(tally))}


def _cell(cell: Cell) -> dict[str, Any]:
    run = cell.run
    return {
        "variant": cell.key[1],
        "repetition": cell.key[2],
        "status": cell.status,
        "passed": cell.passed,
        "score": cell.score,
        "fault": cell.fault,
        "output": run.output if run else "",
        "seconds": run.seconds if run else None,
        "cost_usd": run.cost_usd if run else None,
        "calls": {"made": run.calls_made, "reused": run.calls_reused} if run else None,
        "judge": {"made": cell.judgements.made, "reused": cell.judgements.reused, "cost_usd": cell.judgements.cost_usd},
        "assertions": [_result(own) for own in cell.verdict.results] if cell.verdict else [],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "type": result.assertion.name,
        "metric": result.assertion.metric,
        "weight": result.assertion.weight,
        "passed": result.passed,
        "score": result.score,
        "checked": result.checked,
        "reason": result.reason,
        "members": [_result(own) for own in result.members],
    }
