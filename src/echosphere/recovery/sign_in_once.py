"""Lets someone in once by a link, on a server that takes no passwords."""

from echosphere.accounts import (
    HOLD_SIGN_IN,
    Authentication,
    Device,
    OwnUser,
    PendingSignIn,
    SignedIn,
    StoredPassword,
    announce_new_device,
    find_password,
    get_own_user,
    open_session,
    retire_password,
)
from echosphere.database import Command, Database, Transaction
from echosphere.recovery import store
from echosphere.recovery.issue import use_link
from echosphere.recovery.link import no_such_link
from echosphere.second_factor import forget_devices


class SignInOnce:
    """Opens a session by a link of the command line or of an administrator.

    Args:
        database: Holds the links.
        authentication: Remembers the device.
    """

    def __init__(self, database: Database, authentication: Authentication) -> None:
        self._database = database
        self._authentication = authentication

    async def sign_in(self, token: str, device: Device) -> SignedIn | PendingSignIn:
        """Use a link up and open a session, unless a second factor is missing.

        Raises:
            Gone: The link is not valid any more.
            Forbidden: The account is suspended or deactivated.
        """
        opened = await self._database.write(UseLinkToSignIn(token, device))
        if isinstance(opened, PendingSignIn):
            return opened
        user, session, stored = opened
        return self._authentication.signed_in(user, session, device, stored.password)


class UseLinkToSignIn(
    Command[tuple[OwnUser, str, StoredPassword] | PendingSignIn], own_transaction=True
):
    """Use a link up, end all other sessions and open one, unless a second factor is missing.

    Returns:
        The user, the token of the session, and the stored password.

    Raises:
        Gone: The link is not valid any more.
        Forbidden: The account is suspended or deactivated.
    """

    token: str
    device: Device

    def run(self, transaction: Transaction) -> tuple[OwnUser, str, StoredPassword] | PendingSignIn:
        """Open it."""
        user_id = use_link(transaction, "reset", self.token).user_id
        # As with a new password: whoever else had the account is out of it.
        forget_devices(transaction, user_id)
        retire_password(transaction, user_id)
        store.delete_links(transaction, user_id, "reset")
        stored = find_password(transaction, user_id)
        if stored is None:
            raise no_such_link()
        pending = HOLD_SIGN_IN.of(transaction)(transaction, stored, self.device)
        if pending is not None:
            return PendingSignIn(pending)
        session = open_session(transaction, user_id, self.device)
        announce_new_device(transaction, user_id, self.device)
        return get_own_user(transaction, user_id), session, stored
