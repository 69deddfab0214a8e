"""The metrics of several workers, added up."""

import re

from echosphere.monitoring import Metrics
from echosphere.workers import MetricTotals


def report(answered: int, sockets: float, lag: float) -> bytes:
    """Return what a worker reports."""
    metrics = Metrics()
    values = {"realtime_sockets": sockets, "loop_lag_seconds": lag, "sent_total": answered * 2}
    metrics.add_source("echosphere", lambda: values)
    for _ in range(answered):
        metrics.requests.labels("GET", "200").inc()
        metrics.request_seconds.observe(0.2)
    return metrics.exposition()


def value_of(name: str, totals: MetricTotals) -> float:
    """Return the value of a series."""
    text = totals.exposition().decode()
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found is not None, text
    return float(found[1])


REQUESTS = 'echosphere_http_requests_total{method="GET",status="200"}'


def test_what_is_counted_is_added_and_of_a_state_the_largest_counts() -> None:
    totals = MetricTotals()
    totals.note("a", report(3, 10, 0.5))
    totals.note("b", report(4, 20, 0.25))
    assert value_of(REQUESTS, totals) == 7
    assert value_of("echosphere_sent_total", totals) == 14
    assert value_of("echosphere_http_request_seconds_count", totals) == 7
    assert value_of('echosphere_http_request_seconds_bucket{le="0.25"}', totals) == 7
    assert value_of("echosphere_realtime_sockets", totals) == 30
    assert value_of("echosphere_loop_lag_seconds", totals) == 0.5


def test_what_a_worker_has_counted_stays_when_it_has_ended() -> None:
    totals = MetricTotals()
    for worker in ("a", "b", "c"):
        totals.note(worker, report(5, 10, 0.5))
        totals.end(worker)
    totals.end("one that never reported")
    totals.note("d", report(1, 2, 0.125))
    assert value_of(REQUESTS, totals) == 16
    assert value_of("echosphere_realtime_sockets", totals) == 2
    assert value_of("echosphere_loop_lag_seconds", totals) == 0.125
