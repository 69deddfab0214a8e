"""The calls and routes of moderation."""

from functools import partial

from echosphere.api import Operation, post
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database, once
from echosphere.moderation.report import report_user
from echosphere.moderation.wire import ReportCall
from echosphere.profiles import FindsInDirectory

REPORT_RATE = Rate("reports", burst=10, every=360)


class ModerationOperations:
    """Takes reports.

    Args:
        database: Where they are stored.
        finds_in_directory: Whether the reporter finds a user in the directory.
    """

    def __init__(self, database: Database, finds_in_directory: FindsInDirectory) -> None:
        self._database = database
        self._report_user = partial(report_user, finds_in_directory)

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.report, post("/users/<user>/reports"), rate=REPORT_RATE, status=202),
        ]

    async def report(self, caller: Caller, call: ReportCall) -> None:
        """Report a user, or one of their messages, to those who run the server."""
        creation = Creation(caller.user_id, f"reports {call.user}", call.key)
        await self._database.write(once, creation, self._report_user, caller.user_id, call)
