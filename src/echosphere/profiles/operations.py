"""The calls, routes and events of profiles."""

from functools import partial

from echosphere.api import Declaration, Event, Operation, get
from echosphere.core.caller import Caller
from echosphere.core.scopes import SEES_MEMBERS
from echosphere.database import Database
from echosphere.profiles.profile import FindsInDirectory, access_profile
from echosphere.profiles.wire import ProfileCall, UserAnswer


class ProfilesOperations:
    """Serves profiles.

    Args:
        database: Where they are stored.
        finds_in_directory: Whether the caller finds a user in the directory.
    """

    def __init__(self, database: Database, finds_in_directory: FindsInDirectory) -> None:
        self._database = database
        self._access_profile = partial(access_profile, finds_in_directory)

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [
            Operation(self.show, get("/users/<user>"), scopes=SEES_MEMBERS),
            Event("user", (UserAnswer,)),
        ]

    async def show(self, caller: Caller, call: ProfileCall) -> UserAnswer:
        """Show the profile of a contact, or of a member of one of the caller's conversations."""
        return UserAnswer(
            await self._database.read(self._access_profile, caller.user_id, call.user)
        )
