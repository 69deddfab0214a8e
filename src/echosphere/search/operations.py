"""The operation of searching."""

from echosphere.api import Operation, get
from echosphere.core.caller import Caller
from echosphere.core.scopes import READS
from echosphere.database import Database
from echosphere.search.cursor import CursorCodec
from echosphere.search.limits import SEARCH_RATE
from echosphere.search.search import search
from echosphere.search.wire import SearchAnswer, SearchQuery, search_answer


class SearchOperations:
    """Serves searches.

    Args:
        database: Where the messages are.
        cursors: Encodes where the next page begins.
    """

    def __init__(self, database: Database, cursor_codec: CursorCodec) -> None:
        self._database = database
        self._cursor_codec = cursor_codec

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.search, get("/search"), name="search", rate=SEARCH_RATE, scopes=READS)
        ]

    async def search(self, caller: Caller, query: SearchQuery) -> SearchAnswer:
        """Find messages, people and conversations that the caller can see, newest first."""
        found = await self._database.read(
            search, caller.user_id, query.to_request(self._cursor_codec)
        )
        return search_answer(found, self._cursor_codec)
