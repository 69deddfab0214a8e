"""The Socket.IO door of the search, and what wakes the indexer."""

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls, FanOut
from echosphere.messages import MessageDeleted, MessageEdited, MessagePosted
from echosphere.search.cursor import Cursors
from echosphere.search.find import search
from echosphere.search.indexing import Indexer
from echosphere.search.limits import SEARCH_RATE
from echosphere.search.wire import SearchAnswer, SearchQuery, search_answer


class SearchLive:
    """Serves `search`."""

    def __init__(self, database: Database, limits: Limits, cursors: Cursors) -> None:
        self._database = database
        self._limits = limits
        self._cursors = cursors

    def serve(self, calls: Calls, fan_out: FanOut, indexer: Indexer) -> None:
        """Add the call, and have the indexer told what there is to do."""
        calls.on("search", SearchQuery, self.search)
        for kind in (MessagePosted, MessageEdited, MessageDeleted):
            fan_out.listen(kind, indexer.wake)

    async def search(self, caller: Caller, call: SearchQuery) -> SearchAnswer:
        """Find messages, people and conversations that the caller may see."""
        self._limits.take(SEARCH_RATE, caller.user)
        found = await self._database.read(search, caller.user, call.to_asked(self._cursors))
        return search_answer(found, self._cursors)
