"""The operation that lists security events."""

from echosphere.api import Declaration, Empty, Event, Operation, get
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.security_notices.record import list_notices
from echosphere.security_notices.wire import SecurityNoticeEvent, SecurityNoticesAnswer


class SecurityNoticesOperations:
    """Serves what happened to the security of one's own account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Declaration]:
        """Return the operation and its event."""
        return [
            Operation(self.events, get("/me/security-events")),
            Event("security", (SecurityNoticeEvent,)),
        ]

    async def events(self, caller: Caller, _: Empty) -> SecurityNoticesAnswer:
        """List security events of the caller's account."""
        return SecurityNoticesAnswer(await self._database.read(list_notices, caller))
