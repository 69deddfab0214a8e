"""The operation that removes the caller's avatar."""

from echosphere.accounts import OwnUserAnswer
from echosphere.api import Empty, Operation, delete
from echosphere.avatars.avatar import AVATAR_RATE
from echosphere.avatars.replace import ReplaceOwnAvatar
from echosphere.core.caller import Caller
from echosphere.database import Database


class AvatarsOperations:
    """Removes avatars.

    Args:
        database: Holds the users.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operation]:
        """Return the operations."""
        # It has a rate because connected users are notified.
        return [Operation(self.remove, delete("/me/avatar"), rate=AVATAR_RATE)]

    async def remove(self, caller: Caller, _: Empty) -> OwnUserAnswer:
        """Remove the caller's avatar."""
        return OwnUserAnswer(await self._database.write(ReplaceOwnAvatar(caller.user_id, None)))
