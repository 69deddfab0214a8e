"""Counters and gauges for Prometheus."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

Reading = Mapping[str, float]
"""Current values by name; names that end in `_total` are counters, all others gauges."""


class Metrics:
    """All metrics of one server process."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "echosphere_http_requests",
            "HTTP requests answered",
            ["method", "status"],
            registry=self.registry,
        )
        self.write_refusals = Counter(
            "echosphere_write_refusals",
            "Writes that the database could not take",
            ["cause"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "echosphere_http_request_seconds",
            "Seconds from request to answer, long polling excluded",
            registry=self.registry,
        )

    def read_from(self, prefix: str, reading: Callable[[], Reading]) -> None:
        """Show what a part counts by itself whenever the metrics are fetched."""
        self.registry.register(_Read(prefix, reading))

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class _Read(Collector):
    """Asks a part for its numbers."""

    def __init__(self, prefix: str, reading: Callable[[], Reading]) -> None:
        self._prefix = prefix
        self._reading = reading

    def collect(self) -> Iterable[Metric]:
        for name, value in self._reading().items():
            about = name.replace("_", " ")
            if name.endswith("_total"):
                yield CounterMetricFamily(f"{self._prefix}_{name}", about, value=value)
            else:
                yield GaugeMetricFamily(f"{self._prefix}_{name}", about, value=value)
