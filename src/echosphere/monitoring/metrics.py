"""Counters and gauges for Prometheus."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

Values = Mapping[str, float]
"""Current values by name; names that end in `_total` are counters, all others gauges."""


class Metrics:
    """All metrics of one server process.

    Attributes:
        collect: Returns what `/metrics` shows: those of this process, or of all that serve with it.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.collect: Callable[[], Awaitable[bytes]] = self._own
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor, file descriptors
        self.requests = Counter(
            "echosphere_http_requests",
            "HTTP requests answered",
            ["method", "status"],
            registry=self.registry,
        )
        self.write_refusals = Counter(
            "echosphere_write_refusals",
            "Writes that the database could not accept",
            ["cause"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "echosphere_http_request_seconds",
            "Seconds from request to answer, long polling excluded",
            registry=self.registry,
        )

    def count_refusals(self, cause: str, count: int) -> None:
        """Count writes that the database could not take."""
        self.write_refusals.labels(cause).inc(count)

    def add_source(self, prefix: str, read_values: Callable[[], Values]) -> None:
        """Add the values of a part, read whenever the metrics are fetched."""
        self.registry.register(_SourceCollector(prefix, read_values))

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    async def _own(self) -> bytes:
        return self.exposition()


class _SourceCollector(Collector):
    """Collects the values of a part."""

    def __init__(self, prefix: str, read_values: Callable[[], Values]) -> None:
        self._prefix = prefix
        self._read_values = read_values

    def collect(self) -> Iterable[Metric]:
        for name, value in self._read_values().items():
            help_text = name.replace("_", " ")
            if name.endswith("_total"):
                yield CounterMetricFamily(f"{self._prefix}_{name}", help_text, value=value)
            else:
                yield GaugeMetricFamily(f"{self._prefix}_{name}", help_text, value=value)
