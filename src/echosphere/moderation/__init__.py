"""Moderation: reports of users and messages, kept for those who run the server."""

from echosphere.moderation.decide import DecideReport
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
    "DecideCall",
    "DecideReport",
    "Decision",
    "Report",
    "ReportAnswer",
    "ReportIdCall",
    "ReportsAnswer",
    "ReportsCall",
    "install",
    "list_reports",
    "show_report",
]
