"""Several equal processes of one machine: a parent that keeps them, and what joins them to it."""

from echosphere.workers.handover import CONTROL, HTTP, Handed
from echosphere.workers.metric_totals import MetricTotals
from echosphere.workers.parent import Parent, WorkersRefusedError
from echosphere.workers.parent_link import ParentLink

__all__ = [
    "CONTROL",
    "HTTP",
    "Handed",
    "MetricTotals",
    "Parent",
    "ParentLink",
    "WorkersRefusedError",
]
