"""The call and route of the directory."""

from echosphere.accounts import Action, permission
from echosphere.api import Operation, get
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.core.rate_limits import Rate
from echosphere.database import Database
from echosphere.directory.search import search_directory
from echosphere.directory.wire import DirectoryAnswer, DirectoryCall, directory_answer
from echosphere.settings import LiveSettings

FIND_RATE = Rate("directory", burst=30, every=2)

NOTHING = "There is nothing at this address. Check it, or go back to the start page."
"""While the directory is off, its address answers like any unknown one."""


class DirectoryOperations:
    """Serves searches of the directory.

    Args:
        database: Where it is stored.
        live: Whether it is on at this moment.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live

    def all(self) -> list[Operation]:
        """Return the operation."""
        allowed = permission(Action.SEARCH_DIRECTORY)
        find = get("/directory")
        return [Operation(self.find, find, name="directory", rate=FIND_RATE, permission=allowed)]

    async def find(self, caller: Caller, call: DirectoryCall) -> DirectoryAnswer:
        """Find users of this server by name, if the operator turned the directory on."""
        if not self._live.current.directory:
            raise NotFound(NOTHING)
        page = await self._database.read(search_directory, caller.user_id, call.query())
        return directory_answer(page)
