"""`echosphere report`: reads and decides reports."""

from echosphere.app import Application
from echosphere.core.caller import Caller
from echosphere.moderation import (
    DecideCall,
    DecideReport,
    Report,
    ReportAnswer,
    ReportIdCall,
    ReportsAnswer,
    ReportsCall,
    list_reports,
    show_report,
)
from echosphere.wire import Request


class ListReportsCall(Request, frozen=True):
    """Open reports, or decided ones."""

    decided: bool = False


async def list_all(
    application: Application, operator: Caller, call: ListReportsCall
) -> ReportsAnswer:
    """Return all open or decided reports."""
    reports: list[Report] = []
    while True:
        page = ReportsCall(call.decided, len(reports))
        found = await application.database.read(list_reports, operator.user_id, page)
        reports += found.reports
        if not found.more:
            return ReportsAnswer(reports, found.open, False)


async def show(application: Application, operator: Caller, call: ReportIdCall) -> ReportAnswer:
    """Return a report with its message and the context of five."""
    return await application.database.read(show_report, operator.user_id, call.report)


async def decide(application: Application, operator: Caller, call: DecideCall) -> ReportAnswer:
    """Decide a report."""
    await application.database.write(DecideReport(operator, call))
    return await application.database.read(show_report, operator.user_id, call.report)
