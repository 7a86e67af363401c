"""Where spans are sent."""

import os
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

_ADDRESSES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_MOST_SPANS = 20_000
"""Spans that wait to be sent; a run has one for each node and each call."""


def provider_of(trace: Any, service: str) -> "TracerProvider":
    """The tracer provider that the service has set; where it has set none, one of ours.

    Args:
        trace: The module opentelemetry.trace.
        service: Name of the service, for one of ours.

    Raises:
        ValueError: Nothing says where to send traces, or what sends them isn't installed.
    """
    set_one: Any = trace.get_tracer_provider()
    # Where none is set, there is a stand-in that makes no spans.
    if not isinstance(set_one, trace.ProxyTracerProvider | trace.NoOpTracerProvider):
        return cast("TracerProvider", set_one)
    if not any(os.environ.get(name) for name in _ADDRESSES):
        raise ValueError(f"nothing says where traces go; set a tracer provider, or {_ADDRESSES[0]}")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider as SDKProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ValueError(
            "traces need opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http; install them"
        ) from error
    # Ended by the tracker's own flush, which may come after the provider's.
    resource = Resource.create({"service.name": service} if service else {})
    provider = SDKProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), max_queue_size=_MOST_SPANS))
    return provider
