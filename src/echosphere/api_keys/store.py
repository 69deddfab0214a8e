"""The table of keys, and its queries."""

from collections.abc import Iterable

from sqlalchemy import (
    Column,
    ForeignKey,
    String,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from echosphere.api_keys.api_key import ApiKey
from echosphere.core.scopes import Scope
from echosphere.database import (
    Command,
    Identifier,
    Milliseconds,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    as_list,
    in_list,
    metadata,
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", String(200), nullable=False),  # separated by spaces
    Column("created_at", Milliseconds, nullable=False),
    Column("expires_at", Milliseconds),
    Column("last_used_at", Milliseconds),
)

_COLUMNS = (
    api_keys.c.id,
    api_keys.c.user_id,
    api_keys.c.name,
    api_keys.c.prefix,
    api_keys.c.scopes,
    api_keys.c.created_at,
    api_keys.c.expires_at,
    api_keys.c.last_used_at,
    api_keys.c.key_hash,
)
_current = or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > bindparam("now"))
_of_user = api_keys.c.user_id == bindparam("user")
_this = api_keys.c.id == bindparam("api_key")

KEYS_OF = Prepared(
    select(*_COLUMNS).where(_of_user).order_by(api_keys.c.created_at.desc(), api_keys.c.id)
)
BY_ID = Prepared(select(*_COLUMNS).where(in_list(api_keys.c.id, "ids"), _current))
INSERT = Prepared(
    insert(api_keys).values(
        {c.name: bindparam(c.name) for c in api_keys.c if c.name != "last_used_at"}
    )
)
FIND = Prepared(select(*_COLUMNS).where(api_keys.c.key_hash == bindparam("key_hash"), _current))
TOUCH = Prepared(update(api_keys).where(_this).values(last_used_at=bindparam("now")))
DELETE = Prepared(delete(api_keys).where(_of_user, _this))
DELETE_ALL = Prepared(delete(api_keys).where(_of_user))


def insert_key(transaction: Transaction, key: ApiKey) -> None:
    """Store a new key."""
    transaction.run(
        INSERT,
        id=key.id,
        user_id=key.user_id,
        name=key.name,
        prefix=key.prefix,
        key_hash=key.key_hash,
        scopes=" ".join(sorted(key.scopes)),
        created_at=key.created_at,
        expires_at=key.expires_at,
    )


def find_key(snapshot: Snapshot, hashed: str) -> ApiKey | None:
    """Return the key with this hash, or None if there is none or it has expired."""
    row = snapshot.first(FIND, key_hash=hashed, now=snapshot.now)
    return None if row is None else _key(row)


def keys_of(snapshot: Snapshot, user_id: str) -> list[ApiKey]:
    """Return a user's keys, also those that have expired, the newest first."""
    return [_key(row) for row in snapshot.all(KEYS_OF, user=user_id)]


def keys_by_id(snapshot: Snapshot, ids: Iterable[str]) -> list[ApiKey]:
    """Return those of these keys that exist and have not expired."""
    asked = as_list(ids)
    return [_key(row) for row in snapshot.all(BY_ID, ids=asked, now=snapshot.now)]


def delete_key(transaction: Transaction, user_id: str, key: str) -> bool:
    """Delete a key of a user; return False if there is none."""
    return transaction.run(DELETE, user=user_id, api_key=key) > 0


def delete_keys(transaction: Transaction, user_id: str) -> None:
    """Delete all keys of a user."""
    transaction.run(DELETE_ALL, user=user_id)


class TouchKey(Command[None]):
    """Store that a key is used now."""

    key: str

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        transaction.run(TOUCH, api_key=self.key, now=transaction.now)


def _key(row: Row) -> ApiKey:
    key, user_id, name, prefix, scopes, created_at, expires_at, last_used_at, hashed = row
    known = frozenset(Scope(one) for one in scopes.split())
    return ApiKey(key, user_id, name, prefix, known, created_at, expires_at, last_used_at, hashed)
