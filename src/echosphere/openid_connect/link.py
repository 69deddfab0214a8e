"""Links providers to one's account, and unlinks them."""

import msgspec

from echosphere import audit
from echosphere.accounts import (
    SecurityEvent,
    actor_of,
    find_password,
    is_usable_password,
    lock_user,
    require_fresh_proof,
    save_proof,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Forbidden, NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.openid_connect import store
from echosphere.openid_connect.claims import Identity
from echosphere.openid_connect.logout import end_sessions_by
from echosphere.openid_connect.sign_in import Arriving
from echosphere.openid_connect.sign_in import link as link_identity
from echosphere.second_factor import has_passkey

ALREADY = "Your account is already linked to this sign-in service. Unlink it first."
ANOTHER = "This sign-in is linked to another account here. Unlink it there first."
LAST_WAY = (
    "This is your only way to sign in. Set a password, add a passkey, or link another sign-in "
    "service first."
)
SOMEBODY_ELSE = "The account you signed in with there is not linked to your account here."
NOT_AGAIN = "The sign-in service did not confirm your identity. Start again."
NOT_LINKED = "Your account is not linked to this sign-in service."
CLOCKS = 30_000
"""Milliseconds that a provider's clock may be behind when it says when someone signed in."""


class LinkProvider(Command[None]):
    """Let the caller sign in by a provider from now on.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Conflict: The caller is linked there already, or the other is linked to another account.
    """

    arriving: Arriving
    caller: Caller

    def run(self, transaction: Transaction) -> None:
        """Link it."""
        user_id, identity = self.caller.user_id, self.arriving.identity
        require_fresh_proof(transaction, self.caller)
        known = store.find_identity(transaction, identity.issuer, identity.subject)
        if known is not None and known.user_id not in (None, user_id):
            raise Conflict(ANOTHER)
        if identity.issuer in _issuers(transaction, user_id):
            raise Conflict(ALREADY)
        if known is not None:  # a registration of theirs that waited: they have an account by now
            store.delete_identity(transaction, known.id)
        link_identity(transaction, self.arriving, user_id)


class WaysIn(msgspec.Struct, frozen=True):
    """By what people sign in on this server.

    Attributes:
        passwords: Whether by a password.
        passkey_host: The host for which passkeys count; None if there are none.
        issuers: The sign-in services.
    """

    passwords: bool
    passkey_host: str | None
    issuers: tuple[str, ...]


class UnlinkProvider(Command[None]):
    """Let the caller no longer sign in by a provider; other sessions that it opened end.

    Attributes:
        caller: Who it is.
        name: The provider's name.
        issuer: What the provider calls itself.
        ways: By what people sign in on this server.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: The caller is not linked there.
        Conflict: It is the only way to sign in.
    """

    caller: Caller
    name: str
    issuer: str
    ways: WaysIn

    def run(self, transaction: Transaction) -> None:
        """Unlink it."""
        user_id = self.caller.user_id
        require_fresh_proof(transaction, self.caller)
        if self.issuer not in _issuers(transaction, user_id):
            raise NotFound(NOT_LINKED)
        end_sessions_by(transaction, user_id, self.issuer, except_session=self.caller.session_id)
        store.delete_identities(transaction, user_id, self.issuer)
        require_way_in(transaction, user_id, self.ways)
        transaction.announce(SecurityEvent(user_id, "provider_unlinked"))
        actor = actor_of(self.caller)
        audit.record(transaction, actor, "user.provider_unlinked", user_id, provider=self.name)


def _issuers(snapshot: Snapshot, user_id: str) -> list[str]:
    return [one.issuer for one in store.identities_of(snapshot, user_id)]


def has_password(snapshot: Snapshot, user_id: str) -> bool:
    """Whether someone has a password of their own."""
    stored = find_password(snapshot, user_id)
    return stored is not None and is_usable_password(stored.password)


def has_way_in(snapshot: Snapshot, user_id: str, ways: WaysIn) -> bool:
    """Whether someone can sign in."""
    if ways.passwords and has_password(snapshot, user_id):
        return True
    if ways.passkey_host is not None and has_passkey(snapshot, user_id, ways.passkey_host):
        return True
    return not set(ways.issuers).isdisjoint(_issuers(snapshot, user_id))


def require_way_in(transaction: Transaction, user_id: str, ways: WaysIn) -> None:
    """Refuse a change that leaves someone no way to sign in.

    Raises:
        Conflict: There is none.
    """
    if not has_way_in(transaction, user_id, ways):
        raise Conflict(LAST_WAY)


class ProveByProvider(Command[None]):
    """Take a sign-in at a provider as a fresh proof of who the caller is.

    Raises:
        Forbidden: It was someone else, or the provider did not ask again.
    """

    caller: Caller
    identity: Identity
    started_at: int

    def run(self, transaction: Transaction) -> None:
        """Store the proof."""
        lock_user(transaction, self.caller.user_id)
        known = store.find_identity(transaction, self.identity.issuer, self.identity.subject)
        if known is None or known.user_id != self.caller.user_id:
            raise Forbidden(SOMEBODY_ELSE)
        proved = self.identity.authenticated_at
        if proved is None or proved < self.started_at - CLOCKS:
            raise Forbidden(NOT_AGAIN)
        store.touch_identity(transaction, known.id)
        # Signing in again may have begun another session there, which signs this one out from now on.
        store.follow_session(transaction, self.caller.session_id, self.identity)
        save_proof(transaction, self.caller.session_id)
