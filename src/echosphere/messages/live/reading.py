"""The Socket.IO door of reading."""

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls
from echosphere.messages.history import history_page
from echosphere.messages.limits import HISTORY_RATE
from echosphere.messages.wire.reading import HistoryCall, HistoryPage, page_shape


class ReadingLive:
    """Gives messages out."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, calls: Calls) -> None:
        """Add the call."""
        calls.on("history", HistoryCall, self.history)

    async def history(self, caller: Caller, call: HistoryCall) -> HistoryPage:
        """Read a page of messages."""
        self._limits.take(HISTORY_RATE, caller.user)
        page = await self._database.read(
            history_page, caller.user, call.conversation, call.to_where()
        )
        return page_shape(page)
