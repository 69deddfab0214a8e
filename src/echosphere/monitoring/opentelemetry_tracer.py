"""Spans by the packages of OpenTelemetry; loaded only where traces are collected."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    INVALID_SPAN_CONTEXT,
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from echosphere.core.tracing import Attributes, Parents

MAX_CAUSES = 32
"""A batch of hundreds of writes is one delivery; so many of them are linked to it."""

_KINDS = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT, "internal": SpanKind.INTERNAL}
_PROPAGATOR = TraceContextTextMapPropagator()


def provider_of(version: str, instance: str) -> TracerProvider:
    """Return what records the spans of this process and sends them where `OTEL_…` says.

    Args:
        version: Of EchoSphere.
        instance: What tells this process from others.
    """
    # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes first.
    own = {
        "service.name": "echosphere",
        "service.version": version,
        "service.instance.id": instance,
    }
    provider = TracerProvider(resource=Resource.create(own).merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class OpenTelemetryTracer:
    """Records spans with OpenTelemetry; see `echosphere.core.tracing.Tracer`."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("echosphere")

    @contextmanager
    def span(
        self, name: str, attributes: Attributes, *, parents: Parents = (), kind: str = "internal"
    ) -> Iterator[None]:
        """Record what runs in the context."""
        within, links = _origin(parents)
        # The text of an error may hold what people wrote: its name is enough.
        with self._tracer.start_as_current_span(
            name,
            within,
            _KINDS[kind],
            attributes=attributes,
            links=links,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def record(self, name: str, seconds: float, attributes: Attributes, *, parents: Parents) -> str:
        """Record what ends now, and return it as a `traceparent`."""
        within, links = _origin(parents)
        ended = time.time_ns()
        began = ended - int(seconds * 1e9)
        span = self._tracer.start_span(
            name, within, attributes=attributes, links=links, start_time=began
        )
        span.end(ended)
        return _written(set_span_in_context(span, context.Context()))

    def current(self) -> str | None:
        """Return the span that is current, as a `traceparent`."""
        if get_current_span().get_span_context() == INVALID_SPAN_CONTEXT:
            return None
        return _written(context.get_current())


def _origin(parents: Sequence[str]) -> tuple[context.Context | None, list[Link]]:
    """Return what a span begins in, and the others that it comes from."""
    if not parents:
        return None, []
    first, *others = parents
    links = [Link(_span_context(one)) for one in others[:MAX_CAUSES]]
    return _PROPAGATOR.extract({"traceparent": first}, context.Context()), links


def _span_context(written: str) -> SpanContext:
    within = _PROPAGATOR.extract({"traceparent": written}, context.Context())
    return get_current_span(within).get_span_context()


def _written(within: context.Context) -> str:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, within)
    return carrier.get("traceparent", "")
