"""What is served of other people."""

from functools import partial

from echosphere.api import Declaration, Event, Operation, get, post
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database, once
from echosphere.people.report import report
from echosphere.people.show import Finds, access_person
from echosphere.people.wire import PersonCall, ReportCall, UserAnswer

REPORT_RATE = Rate("reports", burst=10, every=360)


class PeopleOperations:
    """Serves profiles and takes reports.

    Args:
        database: Where people are.
        finds: Whether somebody finds another in the directory.
    """

    def __init__(self, database: Database, finds: Finds) -> None:
        self._database = database
        self._access = partial(access_person, finds)
        self._report = partial(report, finds)

    def all(self) -> list[Declaration]:
        """Return what is served and sent."""
        return [
            Operation(self.show, get("/users/<user>")),
            Operation(self.report, post("/users/<user>/reports"), rate=REPORT_RATE, status=202),
            Event("user", (UserAnswer,)),
        ]

    async def show(self, caller: Caller, call: PersonCall) -> UserAnswer:
        """Show the profile of a contact or of somebody with whom one shares a conversation."""
        return UserAnswer(await self._database.read(self._access, caller.user_id, call.user))

    async def report(self, caller: Caller, call: ReportCall) -> None:
        """Report a person, or one of their messages, to those who run the server."""
        wish = Creation(caller.user_id, f"reports {call.user}", call.key)
        await self._database.write(once, wish, self._report, caller.user_id, call)
