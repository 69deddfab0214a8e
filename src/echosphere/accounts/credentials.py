"""Replaces a password without the old one, for those who proved themselves in another way."""

import hashlib

from echosphere.accounts import store
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import account_key, proof_key
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


def credentials_digest(snapshot: Snapshot, user_id: str) -> str | None:
    """Return a hash of a user's address and stored password; None without an open account.

    Whatever was issued for one address and password is void once the digest is another.
    """
    found = store.find_credentials(snapshot, user_id)
    if found is None:
        return None
    email, password = found
    return hashlib.sha256("\0".join((user_id, email, password or "")).encode()).hexdigest()
