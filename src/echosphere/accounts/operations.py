"""What is served of one's own account and devices."""

from collections.abc import Sequence

from echosphere.accounts import store
from echosphere.accounts.entrance import Entrance
from echosphere.accounts.profile import Concerned, change_profile
from echosphere.accounts.sessions import end_session, end_sessions, list_sessions
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
from echosphere.database import Database

PROFILE_RATE = Rate("profiles", burst=30, every=10)


class AccountsOperations:
    """The operations under `/sessions` and `/me` that leave the cookie alone.

    Args:
        database: Where the accounts are.
        entrance: Changes passwords.
        on_profile_change: What other features do when a profile changes, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        entrance: Entrance,
        on_profile_change: Sequence[Concerned] = (),
    ) -> None:
        self._database = database
        self._entrance = entrance
        self._on_profile_change = on_profile_change

    def all(self) -> list[Declaration]:
        """Return what is served and sent."""
        return [
            Operation(self.sessions, get("/sessions")),
            Operation(self.sign_out_others, delete("/sessions")),
            Operation(self.revoke, delete("/sessions/<session>")),
            Operation(self.me, get("/me")),
            Operation(self.change_profile, patch("/me"), rate=_cost_of_change),
            Operation(self.change_password, put("/me/password")),
            Event("me", (OwnUserAnswer,)),
        ]

    async def sessions(self, caller: Caller, _: Empty) -> SessionsAnswer:
        """List the devices on which the caller is signed in."""
        return SessionsAnswer(await self._database.read(list_sessions, caller))

    async def sign_out_others(self, caller: Caller, _: Empty) -> None:
        """Sign all other devices out."""
        await self._database.write(end_sessions, caller.user_id, caller.session_id)

    async def revoke(self, caller: Caller, call: SessionCall) -> None:
        """Sign one device out."""
        await self._database.write(end_session, caller.user_id, call.session)

    async def me(self, caller: Caller, _: Empty) -> OwnUserAnswer:
        """Return the caller's own account."""
        return OwnUserAnswer(await self._database.read(store.get_own_user, caller.user_id))

    async def change_profile(self, caller: Caller, change: ChangeProfile) -> OwnUserAnswer:
        """Change the caller's name, description, status or settings."""
        changed = await self._database.write(
            change_profile, caller, change, self._on_profile_change
        )
        return OwnUserAnswer(changed)

    async def change_password(self, caller: Caller, call: ChangePassword) -> None:
        """Change the caller's password and sign their other devices out."""
        await self._entrance.change_password(caller, call)


def _cost_of_change(change: ChangeProfile) -> Sequence[Rate]:
    """Settings are free: nobody else is told."""
    return (PROFILE_RATE,) if change.is_seen else ()
