"""What all workers count together, in Prometheus' text format."""

from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector, CollectorRegistry

COUNTED = frozenset({"counter", "histogram", "summary"})
"""Types that only ever rise: what ended workers have counted stays in the totals."""

ADDED = frozenset(
    f"echosphere_{name}"
    for name in (
        "people_online",
        "realtime_polling",
        "realtime_sockets",
        "realtime_websocket",
        "write_queue_length",
    )
)
"""Gauges of which each worker has its part; of all others the largest value counts."""


class MetricTotals:
    """Adds up the last report of each worker, and what those that ended had counted."""

    def __init__(self) -> None:
        self._reports: dict[str, list[Metric]] = {}
        self._ended: list[Metric] = []

    def note(self, worker: str, report: bytes) -> None:
        """Take a worker's report."""
        self._reports[worker] = list(text_string_to_metric_families(report.decode()))

    def end(self, worker: str) -> None:
        """Keep what a worker has counted that is no more."""
        counted = [one for one in self._reports.pop(worker, []) if one.type in COUNTED]
        self._ended = _added([self._ended, counted])

    def exposition(self) -> bytes:
        """Return the totals in Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(_Fixed(_added([self._ended, *self._reports.values()])))
        return generate_latest(registry)


class _Fixed(Collector):
    """Gives metrics that are there already."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _added(reports: Iterable[Iterable[Metric]]) -> list[Metric]:
    """Return the metrics of several reports as those of one."""
    metrics: dict[str, Metric] = {}
    values: dict[str, dict[tuple[str, frozenset[tuple[str, str]]], float]] = {}
    labels: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, str]] = {}
    for report in reports:
        for metric in report:
            metrics.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
            known = values.setdefault(metric.name, {})
            add = metric.type in COUNTED or metric.name in ADDED
            for sample in metric.samples:
                key = (sample.name, frozenset(sample.labels.items()))
                labels[key] = sample.labels
                before = known.get(key)
                if before is None:
                    known[key] = sample.value
                else:
                    known[key] = before + sample.value if add else max(before, sample.value)
    for name, metric in metrics.items():
        for key, value in values[name].items():
            metric.add_sample(key[0], labels[key], value)
    return list(metrics.values())
