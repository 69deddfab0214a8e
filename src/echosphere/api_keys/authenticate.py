"""Finds the caller of a key."""

from collections.abc import Collection
from dataclasses import replace

from echosphere.accounts import (
    CredentialKind,
    FoundCaller,
    active_sessions,
    find_active_caller,
    find_bot_caller,
)
from echosphere.api_keys import store
from echosphere.api_keys.api_key import ApiKey
from echosphere.core.caller import Caller
from echosphere.database import Snapshot, run_on_loop


@run_on_loop
def find_caller(snapshot: Snapshot, hashed: str) -> FoundCaller | None:
    """Return the caller of a key's hash; None if it is unknown or expired, or its owner kept out."""
    key = store.find_key(snapshot, hashed)
    caller = None if key is None else _caller_of(snapshot, key)
    if key is None or caller is None:
        return None
    return FoundCaller(replace(caller, scopes=key.scopes), key.needs_touch(snapshot.now))


KEYS = CredentialKind("key", find_caller, store.TouchKey)


def active_credentials(snapshot: Snapshot, ids: Collection[str]) -> set[str]:
    """Return those of these sessions and keys whose users may still act with them."""
    sessions = active_sessions(snapshot, ids)
    keys = store.keys_by_id(snapshot, set(ids) - sessions)
    return sessions | {key.id for key in keys if _caller_of(snapshot, key) is not None}


def _caller_of(snapshot: Snapshot, key: ApiKey) -> Caller | None:
    user, credential = key.user_id, key.id
    found = find_active_caller(snapshot, user, credential)
    return found or find_bot_caller(snapshot, user, credential)
