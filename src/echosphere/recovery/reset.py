"""Resets passwords by one-time links."""

from urllib.parse import urlsplit

from echosphere import audit
from echosphere.accounts import (
    OwnUser,
    PasswordHasher,
    SecurityEvent,
    confirm_email,
    get_own_user,
    proven_actor,
    replace_password,
)
from echosphere.core.caller import Caller
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.recovery import store
from echosphere.recovery.issue import find_valid_link, issue_link, use_link
from echosphere.recovery.link import LIFETIME
from echosphere.recovery.permission import require_may_reset
from echosphere.second_factor import forget_devices
from echosphere.settings import Settings


def reset_url(base_url: str, token: str) -> str:
    """Return the address of the page on which a token sets a new password."""
    return f"{base_url}/reset-password/{token}"


def make_reset_link(transaction: Transaction, caller: Caller, user_id: str) -> tuple[str, int]:
    """Make a link to hand over to the owner of an account; return the token and when it ends.

    Raises:
        NotFound: The caller may not, or there is no such account.
        Forbidden: The account's role is not below the caller's.
        ProofNeeded: The caller's last proof is too old.
    """
    require_may_reset(caller)
    actor = proven_actor(transaction, caller)
    user = get_own_user(transaction, user_id)
    require_may_reset(caller, user.role)
    token = issue_link(transaction, "reset", user_id)
    transaction.announce(SecurityEvent(user_id, "reset_link", actor_id=caller.user_id))
    audit.record(transaction, actor, "user.reset_link", user_id)
    return token, transaction.now + LIFETIME


class MakeResetLink(Command[tuple[str, int]]):
    """Make a link to hand over to the owner of an account; see `make_reset_link`."""

    caller: Caller
    user_id: str

    def run(self, transaction: Transaction) -> tuple[str, int]:
        """Make it."""
        return make_reset_link(transaction, self.caller, self.user_id)


class UseResetLink(Command[None]):
    """Set a new password by a link, and sign the user out everywhere.

    Second factors and sign-in services stay: whoever can read a mail must not get around them. The
    owner looks through them after signing in.

    Raises:
        Gone: The link is not valid any more.
    """

    token: str
    new_hash: str

    def run(self, transaction: Transaction) -> None:
        """Set it."""
        link = use_link(transaction, "reset", self.token)
        forget_devices(transaction, link.user_id)
        replace_password(transaction, link.user_id, self.new_hash)
        if link.email is not None:  # it was mailed, not handed over
            confirm_email(transaction, link.user_id)
        store.delete_links(transaction, link.user_id, "reset")


class PasswordReset:
    """Checks a new password, hashes it, and sets it by a link.

    Args:
        database: Holds the links and the accounts.
        password_hasher: Hashes passwords in threads.
        settings: The server's address, which no password may consist of.
    """

    def __init__(
        self, database: Database, password_hasher: PasswordHasher, settings: Settings
    ) -> None:
        self._database = database
        self._password_hasher = password_hasher
        self._server = urlsplit(settings.base_url).hostname or ""

    async def owner(self, token: str) -> OwnUser:
        """Return whose password a link resets.

        Raises:
            Gone: The link is not valid any more.
        """
        return await self._database.read(_owner, token)

    async def reset(self, token: str, given: str) -> None:
        """Set a new password and sign its owner out everywhere.

        Raises:
            Gone: The link is not valid any more.
            Invalid: The password breaks a rule; the link stays valid.
            Unavailable: Too many passwords wait to be hashed, or none can be estimated.
        """
        owner = await self.owner(token)
        password = await self._password_hasher.require_strong(
            "password", given, name=owner.name, email=owner.email, server=self._server
        )
        new_hash = await self._password_hasher.hash(password)
        await self._database.write(UseResetLink(token, new_hash))


def _owner(snapshot: Snapshot, token: str) -> OwnUser:
    return get_own_user(snapshot, find_valid_link(snapshot, "reset", token).user_id)
