"""The calls and routes of moderation."""

from echosphere.accounts import Action, permission
from echosphere.api import Declaration, Empty, Operation, get, post
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database
from echosphere.moderation.decide import DecideReport
from echosphere.moderation.report import FINDS_IN_DIRECTORY, ReportUser
from echosphere.moderation.review import decisions_about, list_reports, own_reports, show_report
from echosphere.moderation.wire import (
    DecideCall,
    DecisionsAnswer,
    OwnReportsAnswer,
    ReportAnswer,
    ReportCall,
    ReportIdCall,
    ReportsAnswer,
    ReportsCall,
)
from echosphere.profiles import FindsInDirectory

REPORT_RATE = Rate("reports", burst=10, every=360)


class ModerationOperations:
    """Takes reports, and has them decided.

    Args:
        database: Where they are stored.
        finds_in_directory: Whether the reporter finds a user in the directory.
    """

    def __init__(self, database: Database, finds_in_directory: FindsInDirectory) -> None:
        self._database = database
        database.provide(FINDS_IN_DIRECTORY, finds_in_directory)

    def all(self) -> list[Declaration]:
        """Return the operations."""
        see, decide = permission(Action.SEE_REPORTS), permission(Action.DECIDE_REPORTS)
        one = "/administration/reports/<report>"
        return [
            Operation(self.report, post("/users/<user>/reports"), rate=REPORT_RATE, status=202),
            Operation(self.own_reports, get("/me/reports")),
            Operation(self.decisions, get("/me/decisions")),
            Operation(self.reports, get("/administration/reports"), permission=see),
            Operation(self.show, get(one), permission=see),
            Operation(self.decide, post(f"{one}/decision"), permission=decide),
        ]

    async def report(self, caller: Caller, call: ReportCall) -> None:
        """Report a user, or one of their messages, to the server's moderators."""
        creation = Creation(caller.user_id, f"reports {call.user}", call.key)
        await self._database.write(ReportUser(creation, caller.user_id, call))

    async def own_reports(self, caller: Caller, _: Empty) -> OwnReportsAnswer:
        """List the caller's reports, and whether action was taken."""
        return await self._database.read(own_reports, caller.user_id)

    async def decisions(self, caller: Caller, _: Empty) -> DecisionsAnswer:
        """List decisions about the caller, with their reasons."""
        return await self._database.read(decisions_about, caller.user_id)

    async def reports(self, caller: Caller, call: ReportsCall) -> ReportsAnswer:
        """List reports, for moderators and administrators."""
        return await self._database.read(list_reports, caller.user_id, call)

    async def show(self, caller: Caller, call: ReportIdCall) -> ReportAnswer:
        """Show a report with its message and up to five messages around it."""
        return await self._database.read(show_report, caller.user_id, call.report)

    async def decide(self, caller: Caller, call: DecideCall) -> None:
        """Decide on a report, with a reason: dismiss, warn, remove the message, suspend or ban."""
        await self._database.write(DecideReport(caller, call))
