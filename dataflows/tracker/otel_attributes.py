"""What a span says of a run, a node and a call.

Names: OpenTelemetry's conventions for generative AI (open-telemetry/semantic-conventions-genai, in development); they
stand here and nowhere else. What has none there begins with "workbench.".
"""

import json
from typing import Any

from dataflows.tracker.record_parts import RanCall, RanNode
from dataflows.tracker.records import RunRecord

_SETTINGS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "seed": "seed",
    "max_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
}
_WHOLE = ("seed", "max_tokens")


def of_run(record: RunRecord) -> dict[str, Any]:
    """Of the root."""
    prompts = {f"workbench.prompt.{name}.sha256": prompt.sha256 for name, prompt in record.prompts.items()}
    tags = {f"workbench.tag.{name}": value for name, value in record.tags.items()}
    return {
        "workbench.run.id": record.run_id,
        "workbench.dataflow": record.dataflow,
        "workbench.source": record.source,
        "workbench.request.id": record.request_id,
        "workbench.git.sha": record.git_sha,
        "workbench.prompt.way": record.version.way,
        "workbench.prompt.version": record.version.version,
        "workbench.prompt.label": record.version.label,
        "workbench.run.input_tokens": record.input_tokens,
        "workbench.run.output_tokens": record.output_tokens,
        **prompts,
        **tags,
    }


def of_node(record: RunRecord, node: RanNode) -> dict[str, Any]:
    """Of a node; that of a prompt says which."""
    told = {"workbench.node.name": node.name, "workbench.task.id": node.task_id}
    if (prompt := record.prompts.get(node.name)) is None:
        return told
    return told | {
        "gen_ai.prompt.name": node.name,
        "workbench.prompt.sha256": prompt.sha256,
        "workbench.prompt.version": prompt.version,
    }


def of_call(record: RunRecord, call: RanCall) -> dict[str, Any]:
    """Of a call; what it said is told by content_of only."""
    host, _, port = call.server.rpartition(":")
    settings = {_SETTINGS[name]: value for name, value in call.settings.items() if name in _SETTINGS}
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": call.model,
        "gen_ai.response.model": call.answering_model,
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
        "gen_ai.response.finish_reasons": [call.finish_reason] if call.finish_reason else None,
        "server.address": host if port.isdigit() else call.server,
        "server.port": int(port) if host and port.isdigit() else None,
        "workbench.prompt.version": record.version.version,
        **{f"gen_ai.request.{name}": int(value) if name in _WHOLE else value for name, value in settings.items()},
    }


def content_of(call: RanCall) -> dict[str, Any]:
    """Messages and answer, where they were kept."""
    asked = [{"role": own.role, "parts": [{"type": "text", "content": own.text}]} for own in call.messages or ()]
    parts = [{"type": "text", "content": call.answer}]
    answered = [{"role": "assistant", "parts": parts, "finish_reason": call.finish_reason}]
    return {
        "gen_ai.input.messages": json.dumps(asked) if asked else None,
        "gen_ai.output.messages": json.dumps(answered) if call.answer is not None else None,
    }


def plain(value: Any) -> Any:
    """The value, with half characters replaced: the protocol's texts are UTF-8."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
