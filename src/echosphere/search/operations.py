"""What the search serves."""

from echosphere.api import Operation, get
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.search.cursor import Cursors
from echosphere.search.find import search
from echosphere.search.limits import SEARCH_RATE
from echosphere.search.wire import SearchAnswer, SearchQuery, search_answer


class SearchOperations:
    """Searches what the caller may see.

    Args:
        database: Where it is.
        cursors: Seal where the next page begins.
    """

    def __init__(self, database: Database, cursors: Cursors) -> None:
        self._database = database
        self._cursors = cursors

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [Operation(self.search, get("/search"), name="search", rate=SEARCH_RATE)]

    async def search(self, caller: Caller, query: SearchQuery) -> SearchAnswer:
        """Find messages, people and conversations that the caller may see, the newest first."""
        found = await self._database.read(search, caller.user_id, query.to_asked(self._cursors))
        return search_answer(found, self._cursors)
