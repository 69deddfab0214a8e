"""What is served of other people."""

from echosphere.api import Declaration, Event, Operation, get, post
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database, once
from echosphere.people.report import report
from echosphere.people.show import access_person
from echosphere.people.wire import PersonCall, ReportCall, UserAnswer

REPORT_RATE = Rate("reports", burst=10, every=360)


class PeopleOperations:
    """Serves profiles and takes reports.

    Args:
        database: Where people are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Declaration]:
        """Return what is served and sent."""
        return [
            Operation(self.show, get("/users/<user>")),
            Operation(self.report, post("/users/<user>/reports"), rate=REPORT_RATE, status=202),
            Event("user", (UserAnswer,)),
        ]

    async def show(self, caller: Caller, call: PersonCall) -> UserAnswer:
        """Show the profile of a contact or of somebody with whom one shares a conversation."""
        return UserAnswer(await self._database.read(access_person, caller.user_id, call.user))

    async def report(self, caller: Caller, call: ReportCall) -> None:
        """Report a person, or one of their messages, to those who run the server."""
        wish = Creation(caller.user_id, f"reports {call.user}", call.key)
        await self._database.write(once, wish, report, caller.user_id, call)
