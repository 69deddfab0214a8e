"""The operations of the caller's account and sessions."""

from collections.abc import Sequence

from echosphere.accounts import store
from echosphere.accounts.authentication import Authentication
from echosphere.accounts.profile import ChangeOwnProfile
from echosphere.accounts.sessions import EndSession, EndSessions, list_sessions
from echosphere.accounts.wire import (
    ChangePassword,
    ChangeProfile,
    OwnUserAnswer,
    SessionCall,
    SessionsAnswer,
)
from echosphere.api import Declaration, Empty, Event, Operation, delete, get, patch, put
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.core.scopes import SEES_MEMBERS
from echosphere.database import Database

PROFILE_RATE = Rate("profiles", burst=30, every=10)


class AccountsOperations:
    """The operations under `/sessions` and `/me` that do not change the cookie.

    Args:
        database: Holds the accounts.
        authentication: Changes passwords.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
    ) -> None:
        self._database = database
        self._authentication = authentication

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [
            Operation(self.sessions, get("/sessions")),
            Operation(self.sign_out_others, delete("/sessions")),
            Operation(self.revoke, delete("/sessions/<session>")),
            Operation(self.me, get("/me"), scopes=SEES_MEMBERS),
            Operation(self.change_profile, patch("/me"), rate=_rates_of_change),
            Operation(self.change_password, put("/me/password")),
            Event("me", (OwnUserAnswer,)),
        ]

    async def sessions(self, caller: Caller, _: Empty) -> SessionsAnswer:
        """List the devices on which the caller is signed in."""
        return SessionsAnswer(await self._database.read(list_sessions, caller))

    async def sign_out_others(self, caller: Caller, _: Empty) -> None:
        """Sign all other devices out."""
        await self._database.write(EndSessions(caller.user_id, caller.session_id))

    async def revoke(self, caller: Caller, call: SessionCall) -> None:
        """Sign one device out."""
        await self._database.write(EndSession(caller.user_id, call.session))

    async def me(self, caller: Caller, _: Empty) -> OwnUserAnswer:
        """Return the caller's own account; a bot has no address."""
        if caller.is_bot:
            return OwnUserAnswer(await self._database.read(store.get_bot_user, caller.user_id))
        return OwnUserAnswer(await self._database.read(store.get_own_user, caller.user_id))

    async def change_profile(self, caller: Caller, change: ChangeProfile) -> OwnUserAnswer:
        """Change the caller's name, description, status or settings."""
        changed = await self._database.write(ChangeOwnProfile(caller, change))
        return OwnUserAnswer(changed)

    async def change_password(self, caller: Caller, call: ChangePassword) -> None:
        """Change the caller's password and sign their other devices out."""
        await self._authentication.change_password(caller, call)


def _rates_of_change(change: ChangeProfile) -> Sequence[Rate]:
    """Settings cost nothing, because no other user is notified."""
    return (PROFILE_RATE,) if change.is_seen else ()
