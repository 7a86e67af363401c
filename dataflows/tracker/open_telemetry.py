"""Records as traces: a span for the run, below it its nodes, below these their calls of a model."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dataflows.tracker.otel_attributes import content_of, of_call, of_node, of_run, plain
from dataflows.tracker.otel_provider import provider_of
from dataflows.tracker.record_parts import Failure, RanCall, RanNode
from dataflows.tracker.records import RunRecord
from dataflows.tracker.sink import Sink

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider


class OpenTelemetry(Sink):
    """One trace for each run, made when it has ended, with the times it had; whatever threads it used, it is one tree.

    It is below the span that was current where the driver was executed.

    Args:
        tracer_provider: By default the one that the service has set; where it has set none, one that sends to
            OTEL_EXPORTER_OTLP_ENDPOINT by HTTP.
        content: Whether messages and answers are told, where the tracker keeps them.
        service: Name of the service, for a provider that is made here.

    Raises:
        ValueError: OpenTelemetry isn't installed, or nothing says where to send traces.
    """

    def __init__(
        self, tracer_provider: "TracerProvider | None" = None, *, content: bool = False, service: str = ""
    ) -> None:
        try:
            from opentelemetry import trace
        except ImportError as error:
            raise ValueError("traces need the package opentelemetry-sdk; install it, or track without otel") from error
        self._provider = tracer_provider or provider_of(trace, service)
        self._tracer = self._provider.get_tracer("dataflows.tracker")
        self._content = content

    def write(self, record: RunRecord) -> None:
        """See Sink.write."""
        from opentelemetry.trace import set_span_in_context

        root = self._span(f"run {record.dataflow}", None, record, 0.0, of_run(record))
        within = set_span_in_context(root)
        nodes = [(node, self._node(record, node, within)) for node in record.nodes]
        below = {(node.task_id, node.name): span for node, span in nodes}
        for call in record.calls:
            parent = below.get((call.task_id, call.node), root)
            span = self._call(record, call, set_span_in_context(parent))
            _end(span, record, call.offset + call.seconds, call.error)
        for node, span in nodes:
            _end(span, record, node.offset + node.seconds, node.error)
        _end(root, record, record.seconds, record.error, failed=record.status == "failed")

    def flush(self, seconds: float) -> None:
        """See Sink.flush."""
        if force := getattr(self._provider, "force_flush", None):
            force(int(seconds * 1_000))

    def _node(self, record: RunRecord, node: RanNode, context: Any) -> "Span":
        return self._span(node.name, context, record, node.offset, of_node(record, node))

    def _call(self, record: RunRecord, call: RanCall, context: Any) -> "Span":
        from opentelemetry.trace import SpanKind

        attributes = of_call(record, call)
        if self._content:
            attributes |= content_of(call)
        return self._span(f"chat {call.model}", context, record, call.offset, attributes, kind=SpanKind.CLIENT)

    def _span(
        self, name: str, context: Any, record: RunRecord, offset: float, attributes: Mapping[str, Any], **more: Any
    ) -> "Span":
        told = {key: plain(value) for key, value in attributes.items() if value not in ("", None)}
        return self._tracer.start_span(plain(name), context, attributes=told, start_time=_at(record, offset), **more)


def _at(record: RunRecord, offset: float) -> int:
    """Nanoseconds since 1970."""
    return int((record.started_at + offset) * 1e9)


def _end(span: "Span", record: RunRecord, offset: float, error: Failure | None, *, failed: bool = False) -> None:
    from opentelemetry.trace import StatusCode

    if error or failed:
        span.set_status(StatusCode.ERROR, plain(error.message) if error else None)
    if error:
        span.set_attribute("error.type", plain(error.type))
    span.end(_at(record, offset))
