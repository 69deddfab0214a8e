"""What is served of the directory."""

from echosphere.api import Operation, get
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.core.rate_limits import Rate
from echosphere.database import Database
from echosphere.directory.find import find_people
from echosphere.directory.wire import DirectoryAnswer, DirectoryCall, directory_answer

FIND_RATE = Rate("directory", burst=30, every=2)

NOTHING = "There is nothing at this address. Check it, or go back to the start."
"""While there is no directory, the answer is that of any other address."""


class DirectoryOperations:
    """Finds people of the instance.

    Args:
        database: Where they are.
        on: Whether there is a directory.
    """

    def __init__(self, database: Database, *, on: bool) -> None:
        self._database = database
        self._on = on

    def all(self) -> list[Operation]:
        """Return the operation."""
        return [Operation(self.find, get("/directory"), name="directory", rate=FIND_RATE)]

    async def find(self, caller: Caller, call: DirectoryCall) -> DirectoryAnswer:
        """Find people of this server by name, if the operator keeps a directory."""
        if not self._on:
            raise NotFound(NOTHING)
        found = await self._database.read(find_people, caller.user_id, call.wanted())
        return directory_answer(found)
