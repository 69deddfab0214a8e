"""Structured logs, metrics and health checks for operators."""

from echosphere.monitoring.health import Health
from echosphere.monitoring.listener import MetricsListener
from echosphere.monitoring.logs import configure_logging
from echosphere.monitoring.measurements import Measurements
from echosphere.monitoring.metrics import Metrics
from echosphere.monitoring.requests import ObserveRequests
from echosphere.monitoring.tracing import Tracing

__all__ = [
    "Health",
    "Measurements",
    "Metrics",
    "MetricsListener",
    "ObserveRequests",
    "Tracing",
    "configure_logging",
]
