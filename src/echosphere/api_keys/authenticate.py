"""Finds the caller of a key."""

from dataclasses import replace

from echosphere.accounts import CredentialKind, FoundCaller, find_active_caller
from echosphere.api_keys import store
from echosphere.database import Snapshot, run_on_loop


@run_on_loop
def find_caller(snapshot: Snapshot, hashed: str) -> FoundCaller | None:
    """Return the caller of a key's hash; None if it is unknown or expired, or its owner kept out."""
    key = store.find_key(snapshot, hashed)
    caller = None if key is None else find_active_caller(snapshot, key.user_id, key.id)
    if key is None or caller is None:
        return None
    return FoundCaller(replace(caller, scopes=key.scopes), key.needs_touch(snapshot.now))


KEYS = CredentialKind("key", find_caller, store.TouchKey)
