"""Moderation: reports of users and messages, kept for those who run the server."""

from echosphere.moderation.arrivals import SPAN, begins_span, deciders_of
from echosphere.moderation.decide import DecideReport
from echosphere.moderation.events import UserReported
from echosphere.moderation.review import list_reports, show_report
from echosphere.moderation.wire import (
    DecideCall,
    Decision,
    Report,
    ReportAnswer,
    ReportIdCall,
    ReportsAnswer,
    ReportsCall,
)
from echosphere.moderation.wiring import install

__all__ = [
    "SPAN",
    "DecideCall",
    "DecideReport",
    "Decision",
    "Report",
    "ReportAnswer",
    "ReportIdCall",
    "ReportsAnswer",
    "ReportsCall",
    "UserReported",
    "begins_span",
    "deciders_of",
    "install",
    "list_reports",
    "show_report",
]
