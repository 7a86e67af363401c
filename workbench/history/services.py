"""Runs that services told of (dataflows.tracker), as the history keeps them."""

import logging

from sqlalchemy import Connection

from dataflows.tracker import inbox
from dataflows.tracker.record_parts import RanCall
from dataflows.tracker.records import RunRecord
from workbench.history.kept import KeptCall, KeptRun, Role
from workbench.history.texts import sha256_of
from workbench.history.writing import put
from workbench.models.addresses import is_loopback
from workbench.models.prices import cost_usd
from workbench.records import Run
from workbench.state.record_json import to_value

_AT_ONCE = 100
_log = logging.getLogger(__name__)


def take_in(connection: Connection) -> int:
    """Up to 100 runs of the inbox; how many rows were taken, those that can't be read among them.

    Args:
        connection: In the transaction in which they also leave the inbox.
    """
    rows = inbox.take(connection, _AT_ONCE)
    for row in rows:
        if row.record is None:
            _log.warning("row %s of the inbox is left out: %s", row.id, row.problem)
        else:
            put(connection, kept_of(row.record, f"{row.record.source} {row.record.run_id}"))
    inbox.remove(connection, [row.id for row in rows])
    return len(rows)


def kept_of(record: RunRecord, identity: str) -> KeptRun:
    """A service's run as a kept one.

    Args:
        record: What the service told; it took keys out already.
        identity: What makes it this run and no other; told twice, it is kept once.
    """
    output = next(iter(record.outputs.values()), None)
    text = output.text if output and output.text else ""
    version = record.version.version or record.version.way or "unknown"
    prompts = {name: own.text for name, own in record.prompts.items() if own.text is not None}
    texts: list[tuple[Role, str]] = [("output", text)] if text else []
    texts += [("prompt", own) for own in prompts.values()]
    texts += [("answer", own.answer) for own in record.calls if own.answer]
    run = Run(
        variant=version,
        document="",
        status=record.status,
        output=text,
        error=(record.error.type, record.error.message) if record.error else None,
        prompts=prompts,
        model=_models(record),
        output_node=next(iter(record.outputs), ""),
        seconds=record.seconds,
        started_at=record.started_at,
    )
    return KeptRun(
        id=f"{int(max(record.started_at, 0.0) * 1000) % 16**12:012x}{sha256_of(identity)[:10]}",
        started_at=record.started_at,
        seconds=record.seconds,
        status=record.status,
        source=record.source,
        project="",
        dataflow=record.dataflow,
        variant=version,
        base=record.version.label or version,
        model=_models(record),
        prompts={name: own.sha256 for name, own in record.prompts.items() if own.sha256},
        texts=texts,
        calls=[_figures(own, record) for own in record.calls],
        body={"schema": 1, "kind": "service", "run": to_value(run), "told": to_value(record)},
        person=record.source,
        inputs=" · ".join(f"{name}={value}" for name, value in record.tags.items()),
        git_sha=record.git_sha,
        request_id=record.request_id,
        output_sha256=output.sha256 if output else "",
        output_loose=output.spacing_sha256 if output else "",
        error=record.error.message if record.error else "",
    )


def _figures(call: RanCall, record: RunRecord) -> KeptCall:
    model = call.answering_model or call.model
    tokens = (call.input_tokens or 0, call.output_tokens or 0)
    return KeptCall(
        key="",
        model=model,
        at=record.started_at + call.offset + call.seconds,
        seconds=call.seconds,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cost_usd=_cost(call, tokens),
        is_failed=call.error is not None,
    )


def _cost(call: RanCall, tokens: tuple[int, int]) -> float | None:
    """US dollars by the price list; None where the price or the tokens are unknown."""
    address = f"https://{call.server}" if call.server else ""
    if call.input_tokens is None or (address and is_loopback(address)):
        return None
    try:
        return cost_usd(call.model, "remote", *tokens, address)
    except Exception:  # noqa: BLE001 a price list that stumbles costs no run
        return None


def _models(record: RunRecord) -> str:
    return ", ".join(sorted({own.model for own in record.calls if own.model}))
