"""Replaces a password without the old one, for those who proved themselves in another way."""

import hashlib

from echosphere.accounts import store
from echosphere.accounts.events import SecurityEvent
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt, account_key, clear_failures, proof_key
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Snapshot, Transaction


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


def accept_proof(transaction: Transaction, caller: Caller, attempt: Attempt) -> None:
    """Accept the password that a caller has proved, and forget failed attempts.

    Raises:
        Conflict: It has been changed since.
    """
    if attempt.secret is None or store.find_password(transaction, caller.user_id) != attempt.secret:
        raise Conflict("The password was changed on another device just now.")
    clear_failures(transaction, attempt)


def credentials_digest(snapshot: Snapshot, user_id: str) -> str | None:
    """Return a hash of a user's address and stored password; None without an open account.

    Whatever was issued for one address and password is void once the digest is another.
    """
    found = store.find_credentials(snapshot, user_id)
    if found is None:
        return None
    email, password = found
    return hashlib.sha256("\0".join((user_id, email, password or "")).encode()).hexdigest()
