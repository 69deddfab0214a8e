"""The HTTP door of other people."""

from quart import Response

from echosphere.caller import Caller
from echosphere.database import Creation, Database, once
from echosphere.limits import Limits, Rate
from echosphere.people.report import report
from echosphere.people.show import access_person
from echosphere.people.wire import Report, UserAnswer
from echosphere.web import Api

REPORTS = Rate("reports", burst=10, every=360)


class PeopleApi:
    """Serves profiles and takes reports.

    Args:
        database: Where people are.
        limits: Counts the reports of each person.
    """

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get("/users/<user>", self.show, answer=UserAnswer)
        api.post("/users/<user>/reports", self.report, body=Report, status=202)

    async def show(self, caller: Caller, user: str) -> UserAnswer:
        """Show the profile of a contact or of somebody with whom one shares a conversation."""
        return UserAnswer(await self._database.read(access_person, caller.user, user))

    async def report(self, caller: Caller, given: Report, user: str) -> Response:
        """Report a person, or one of their messages, to those who run the server."""
        self._limits.take(REPORTS, caller.user)
        wish = Creation(caller.user, f"reports {user}", given.key)
        await self._database.write(once, wish, report, caller.user, user, given)
        return Response(b"{}", status=202, content_type="application/json")
