"""The HTTP door of the search."""

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.search.cursor import Cursors
from echosphere.search.find import search
from echosphere.search.limits import SEARCH_RATE
from echosphere.search.wire import SearchAnswer, SearchQuery, search_answer
from echosphere.web import Api


class SearchApi:
    """Serves `/search`."""

    def __init__(self, database: Database, limits: Limits, cursors: Cursors) -> None:
        self._database = database
        self._limits = limits
        self._cursors = cursors

    def serve(self, api: Api) -> None:
        """Add the route."""
        api.get("/search", self.search, query=SearchQuery, answer=SearchAnswer)

    async def search(self, caller: Caller, query: SearchQuery) -> SearchAnswer:
        """Find messages, people and conversations that the caller may see, the newest first."""
        self._limits.take(SEARCH_RATE, caller.user)
        found = await self._database.read(search, caller.user, query.to_asked(self._cursors))
        return search_answer(found, self._cursors)
