"""Creates, lists and revokes the keys of a user."""

import msgspec

from echosphere import audit
from echosphere.accounts import (
    AccountClosed,
    SecurityEvent,
    SignedOutEverywhere,
    actor_of,
    require_fresh_proof,
)
from echosphere.api_keys import store
from echosphere.api_keys.api_key import (
    MAX_KEYS,
    ONLY_BOTS,
    SHOWN,
    TOO_MANY,
    UNKNOWN,
    ApiKey,
    clean_key_name,
)
from echosphere.api_keys.events import KeysEnded
from echosphere.core.caller import Caller
from echosphere.core.ends import require_to_come
from echosphere.core.errors import Conflict, Invalid, NotFound
from echosphere.core.ids import derive_token, new_id, token_hash
from echosphere.core.scopes import KEY_PREFIX, Scope, Scopes
from echosphere.database import Command, CreateOnce, Provided, Snapshot, Transaction

ENDS_KEYS = ("password_changed", "password_reset", "ways_in_removed")
"""After these nothing that was handed out before lets anyone in: sessions, and keys."""


class KeySecrets(msgspec.Struct, frozen=True):
    """Derives keys from the server's secret, so that only hashes are stored."""

    secret: str

    def key_of(self, key: str) -> str:
        """Return a key as it was told once."""
        return f"{KEY_PREFIX}{derive_token(self.secret, 'api key', key, '')}"


SECRETS: Provided[KeySecrets] = Provided("the secrets of keys")


class CreateKey(CreateOnce):
    """Create a key of the caller and return its id; the owner is told of it.

    Attributes:
        caller: For whom it acts.
        name: What its owner calls it.
        scopes: What it may do.
        expires_at: Milliseconds; None for never.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Invalid: The name breaks a rule, or the end is not to come.
        Conflict: The caller has `MAX_KEYS`.
    """

    caller: Caller
    name: str
    scopes: Scopes
    expires_at: int | None

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        require_fresh_proof(transaction, self.caller)
        user_id = self.caller.user_id
        if Scope.EVENTS in self.scopes:
            raise Invalid(ONLY_BOTS, fields={"scopes": ONLY_BOTS})
        made = add_key(transaction, user_id, self.name, self.scopes, self.expires_at)
        transaction.announce(SecurityEvent(user_id, "key_created"))
        audit.record(
            transaction,
            actor_of(self.caller),
            "user.key_created",
            user_id,
            key=made,
            scopes=" ".join(sorted(self.scopes)),
        )
        return made


def add_key(
    transaction: Transaction, user_id: str, name: str, scopes: Scopes, expires_at: int | None
) -> str:
    """Store a key of a user, who may be a bot, and return its id.

    Raises:
        Invalid: The name breaks a rule, or the end is not to come.
        Conflict: The user has `MAX_KEYS`.
    """
    name, now = clean_key_name(name), transaction.now
    require_to_come(expires_at, now, "expires_at")
    if len(store.keys_of(transaction, user_id)) >= MAX_KEYS:
        raise Conflict(TOO_MANY)
    made = new_id()
    secret = SECRETS.of(transaction).key_of(made)
    key = ApiKey(
        id=made,
        user_id=user_id,
        name=name,
        prefix=secret[:SHOWN],
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
        last_used_at=None,
        key_hash=token_hash(secret),
    )
    store.insert_key(transaction, key)
    return made


class RevokeKey(Command[None]):
    """Revoke a key of the caller.

    Raises:
        NotFound: The caller has no such key.
    """

    caller: Caller
    api_key: str

    def run(self, transaction: Transaction) -> None:
        """Revoke it."""
        user_id = self.caller.user_id
        remove_key(transaction, user_id, self.api_key)
        audit.record(
            transaction, actor_of(self.caller), "user.key_revoked", user_id, key=self.api_key
        )


def remove_key(transaction: Transaction, user_id: str, key: str) -> None:
    """Revoke a key of a user, who may be a bot.

    Raises:
        NotFound: The user has no such key.
    """
    if not store.delete_key(transaction, user_id, key):
        raise NotFound(UNKNOWN)
    transaction.announce(KeysEnded((key,)))


def list_keys(snapshot: Snapshot, user_id: str) -> list[ApiKey]:
    """Return a user's keys, also those that have expired, the newest first."""
    return store.keys_of(snapshot, user_id)


def end_with_ways_in(transaction: Transaction, event: SecurityEvent) -> None:
    """Revoke all keys of a user who has a new password, or whose other ways in were removed.

    Whoever knew the password, or had one of these ways, may have made a key.
    """
    if event.kind in ENDS_KEYS:
        end_keys_of(transaction, event.user_id)


def end_all(transaction: Transaction, event: AccountClosed | SignedOutEverywhere) -> None:
    """Revoke all keys of a user who closed their account, or whom an administrator signed out."""
    end_keys_of(transaction, event.user_id)


def end_keys_of(transaction: Transaction, user_id: str) -> None:
    """Revoke all keys of a user."""
    keys = store.keys_of(transaction, user_id)
    if keys:
        store.delete_keys(transaction, user_id)
        transaction.announce(KeysEnded(tuple(key.id for key in keys)))
