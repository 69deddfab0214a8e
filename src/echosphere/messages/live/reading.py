"""The Socket.IO door of reading."""

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.live import Calls
from echosphere.messages.history import history_page
from echosphere.messages.wire.reading import HistoryCall, HistoryPage, page_shape


class ReadingLive:
    """Gives messages out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, calls: Calls) -> None:
        """Add the call."""
        calls.on("history", HistoryCall, self.history)

    async def history(self, caller: Caller, call: HistoryCall) -> HistoryPage:
        """Read a page of messages."""
        page = await self._database.read(
            history_page, caller.user, call.conversation, call.to_where()
        )
        return page_shape(page)
