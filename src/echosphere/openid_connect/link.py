"""Links providers to one's account, and unlinks them."""

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
from echosphere.database import Snapshot, Transaction
from echosphere.openid_connect import store
from echosphere.openid_connect.claims import Identity
from echosphere.openid_connect.sign_in import Arriving
from echosphere.openid_connect.sign_in import link as link_identity

ALREADY = "You are linked with this sign-in service already. Unlink it first."
ANOTHER = "This sign-in is linked to another account here. Unlink it there first."
LAST_WAY = "This is your only way to sign in. Set a password or link another sign-in service first."
SOMEBODY_ELSE = "You signed in there as somebody who is not linked to your account here."
NOT_AGAIN = "The sign-in service did not ask you to prove who you are. Start again."
CLOCKS = 30_000
"""Milliseconds that a provider's clock may be behind when it says when somebody signed in."""


def link(transaction: Transaction, arriving: Arriving, caller: Caller) -> None:
    """Let the caller sign in by a provider from now on.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Conflict: The caller is linked there already, or the other is linked to another account.
    """
    require_fresh_proof(transaction, caller)
    lock_user(transaction, caller.user_id)
    identity = arriving.identity
    known = store.find_identity(transaction, identity.issuer, identity.subject)
    if known is not None and known.user_id not in (None, caller.user_id):
        raise Conflict(ANOTHER)
    if any(
        one.issuer == identity.issuer for one in store.identities_of(transaction, caller.user_id)
    ):
        raise Conflict(ALREADY)
    if known is not None:  # a registration of theirs that waited: they have an account by now
        store.delete_identity(transaction, known.id)
    link_identity(transaction, arriving, caller.user_id)


def unlink(
    transaction: Transaction, caller: Caller, name: str, issuer: str, passwords: bool
) -> None:
    """Let the caller no longer sign in by a provider.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: The caller is not linked there.
        Conflict: It is the only way to sign in.
    """
    require_fresh_proof(transaction, caller)
    lock_user(transaction, caller.user_id)
    linked = [one.issuer for one in store.identities_of(transaction, caller.user_id)]
    if issuer not in linked:
        raise NotFound("You are not linked with this sign-in service.")
    if len(linked) == 1 and not (passwords and has_password(transaction, caller.user_id)):
        raise Conflict(LAST_WAY)
    store.delete_identities(transaction, caller.user_id, issuer)
    transaction.announce(SecurityEvent(caller.user_id, "provider_unlinked"))
    actor = actor_of(caller)
    audit.record(transaction, actor, "user.provider_unlinked", caller.user_id, provider=name)


def has_password(snapshot: Snapshot, user_id: str) -> bool:
    """Whether somebody has a password of their own."""
    stored = find_password(snapshot, user_id)
    return stored is not None and is_usable_password(stored.password)


def prove(transaction: Transaction, caller: Caller, identity: Identity, started_at: int) -> None:
    """Take a sign-in at a provider as a fresh proof of who the caller is.

    Raises:
        Forbidden: It was somebody else, or the provider did not ask again.
    """
    known = store.find_identity(transaction, identity.issuer, identity.subject)
    if known is None or known.user_id != caller.user_id:
        raise Forbidden(SOMEBODY_ELSE)
    proved = identity.authenticated_at
    if proved is None or proved < started_at - CLOCKS:
        raise Forbidden(NOT_AGAIN)
    store.touch_identity(transaction, known.id)
    # Signing in again may have begun another session there, which signs this one out from now on.
    store.follow_session(transaction, caller.session_id, identity)
    save_proof(transaction, caller.session_id)
