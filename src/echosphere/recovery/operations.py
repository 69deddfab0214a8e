"""The operations that change addresses and let others back in."""

from echosphere.api import Declaration, Operation, post, put
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.recovery.change_address import AddressChange
from echosphere.recovery.limits import CHANGES
from echosphere.recovery.reset import MakeResetLink, reset_url
from echosphere.recovery.wire import ChangeEmail, ChangeEmailAnswer, ResetLinkAnswer, UserCall


class RecoveryOperations:
    """Serves `/me/email` and the links that administrators hand over.

    Args:
        database: Holds accounts and links.
        address_change: Changes addresses.
        base_url: Where the links lead.
    """

    def __init__(self, database: Database, address_change: AddressChange, base_url: str) -> None:
        self._database = database
        self._address_change = address_change
        self._base_url = base_url

    def all(self) -> list[Declaration]:
        """Return the operations."""
        return [
            Operation(self.change_email, put("/me/email"), rate=CHANGES),
            Operation(self.make_reset_link, post("/server/users/<user>/reset-link"), status=201),
        ]

    async def change_email(self, caller: Caller, call: ChangeEmail) -> ChangeEmailAnswer:
        """Change the caller's address, or e-mail a link to the new one."""
        return ChangeEmailAnswer(await self._address_change.change(caller, call))

    async def make_reset_link(self, caller: Caller, call: UserCall) -> ResetLinkAnswer:
        """Create a password reset link for a user; for administrators only."""
        token, expires_at = await self._database.write(MakeResetLink(caller, call.user))
        return ResetLinkAnswer(reset_url(self._base_url, token), expires_at)
