"""Replaces a password without the old one, for users who proved their identity in another way."""

import hashlib

from echosphere.accounts import store
from echosphere.accounts.events import SecurityEvent
from echosphere.accounts.fresh_proof import require_fresh_proof
from echosphere.accounts.no_password import is_usable_password, unusable_password
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt, account_key, clear_failures, proof_key
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid
from echosphere.database import Snapshot, Transaction

NOT_GIVEN = "Enter your password."


def replace_password(transaction: Transaction, user_id: str, new_hash: str) -> None:
    """Store a new password, forget failed sign-ins, and end all sessions of a user.

    Raises:
        NotFound: There is no such open account.
    """
    user = store.get_own_user(transaction, user_id)
    store.update_user(transaction, user_id, password=new_hash)
    for key in (account_key(user.email), proof_key(user_id)):
        store.delete_failures(transaction, key)
    end_sessions(transaction, user_id, reason="password")
    transaction.announce(SecurityEvent(user_id, "password_reset"))


def retire_password(transaction: Transaction, user_id: str) -> None:
    """Take an account's password away, and sign it out everywhere."""
    store.update_user(transaction, user_id, password=unusable_password())
    end_sessions(transaction, user_id, reason="password")


def accept_proof(
    transaction: Transaction,
    caller: Caller,
    attempt: Attempt | None,
    *,
    passwords: bool = True,
    field: str = "password",
) -> None:
    """Accept the password that a caller has proved, and forget failed attempts.

    Who has none, or a server that takes none, needs a fresh proof of another kind instead.

    Args:
        transaction: The transaction.
        caller: Who asks for something.
        attempt: The proved password; None without one.
        passwords: Whether the server takes passwords.
        field: Where the password would have been.

    Raises:
        Conflict: It has been changed since.
        Invalid: The caller has a password, and has not given it.
        ProofNeeded: The caller has none, and their last proof is too old.
    """
    store.lock_user(transaction, caller.user_id)
    if attempt is None:
        _accept_fresh_proof(transaction, caller, field if passwords else None)
        return
    if attempt.secret is None or store.find_password(transaction, caller.user_id) != attempt.secret:
        raise Conflict("The password was just changed on another device.")
    clear_failures(transaction, attempt)


def _accept_fresh_proof(transaction: Transaction, caller: Caller, field: str | None) -> None:
    stored = store.find_password(transaction, caller.user_id)
    if field is not None and stored is not None and is_usable_password(stored.password):
        raise Invalid(NOT_GIVEN, fields={field: NOT_GIVEN})
    require_fresh_proof(transaction, caller)


def credentials_digest(snapshot: Snapshot, user_id: str) -> str | None:
    """Return a hash of a user's address and stored password; None without an open account.

    Whatever was issued for one address and password is void once the digest is another.
    """
    found = store.find_credentials(snapshot, user_id)
    if found is None:
        return None
    email, password = found
    return hashlib.sha256("\0".join((user_id, email, password or "")).encode()).hexdigest()
