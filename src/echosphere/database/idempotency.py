"""Creating calls that may be repeated: the first answer of each key, kept beside what it made."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from sqlalchemy import Column, Index, String, Table, bindparam, delete, insert, select

from echosphere.core.clock import DAY
from echosphere.database.prepared import Prepared
from echosphere.database.schema import Identifier, Milliseconds, metadata
from echosphere.database.transaction import Snapshot, Transaction

P = ParamSpec("P")

KEPT = 30 * DAY
"""How long a repeat finds the first answer; an answer that got lost is asked for much sooner."""

SWEPT_AT_ONCE = 1_000

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Identifier, primary_key=True),  # empty for calls of nobody yet
    Column("call", String(200), primary_key=True),
    Column("key_hash", String(64), primary_key=True),
    Column("made", Identifier, nullable=False),  # the id of what was made; empty where it has none
    Column("created_at", Milliseconds, nullable=False),
    Index(None, "created_at"),
)

_this = (
    (idempotency_keys.c.user_id == bindparam("user"))
    & (idempotency_keys.c.call == bindparam("call"))
    & (idempotency_keys.c.key_hash == bindparam("key_hash"))
)
FIND = Prepared(select(idempotency_keys.c.made).where(_this))
INSERT = Prepared(
    insert(idempotency_keys).values(
        user_id=bindparam("user"),
        call=bindparam("call"),
        key_hash=bindparam("key_hash"),
        made=bindparam("made"),
        created_at=bindparam("created_at"),
    )
)
DELETE = Prepared(delete(idempotency_keys).where(_this))
_old = (
    select(idempotency_keys.c.key_hash)
    .where(idempotency_keys.c.created_at < bindparam("before"))
    .limit(SWEPT_AT_ONCE)
)
DELETE_OLD = Prepared(
    delete(idempotency_keys).where(
        idempotency_keys.c.key_hash.in_(_old),
        idempotency_keys.c.created_at < bindparam("before"),
    )
)


@dataclass(frozen=True, slots=True)
class Creation:
    """One wish to make something, however often it is sent.

    Attributes:
        user: Who makes it; empty for somebody who has no account yet.
        call: What is made, and in what.
        key: What the caller named the wish; None for callers who never repeat one.
    """

    user: str
    call: str
    key: str | None

    @property
    def names(self) -> dict[str, str]:
        """The names under which its answer is kept: of the key only a hash."""
        hashed = hashlib.sha256((self.key or "").encode()).hexdigest()
        return {"user": self.user, "call": self.call, "key_hash": hashed}


@dataclass(frozen=True, slots=True)
class Created:
    """The id of what was made, and whether this call made it."""

    id: str
    new: bool

    @property
    def status(self) -> int:
        """The HTTP status: 201 the first time, 200 afterwards."""
        return 201 if self.new else 200


def once(
    transaction: Transaction,
    creation: Creation,
    make: Callable[Concatenate[Transaction, P], str | None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Created:
    """Make something, or find what the same wish has made before.

    The key is stored in the transaction that makes it, so neither is there without the other. Of
    two processes that make it at once, one is rolled back by the database and finds the other's.

    Args:
        transaction: Where to.
        creation: The wish.
        make: Makes it and returns its id; None where it has none.
    """
    known = find_created(transaction, creation)
    if known is not None:
        return Created(known, new=False)
    made = make(transaction, *args, **kwargs) or ""
    if creation.key is not None:
        transaction.run(INSERT, made=made, created_at=transaction.now, **creation.names)
    return Created(made, new=True)


def find_created(snapshot: Snapshot, creation: Creation) -> str | None:
    """Return the id of what this wish has made, or None."""
    if creation.key is None:
        return None
    row = snapshot.first(FIND, **creation.names)
    return None if row is None else str(row[0])


def forget_created(transaction: Transaction, creation: Creation) -> None:
    """Forget a wish whose result is gone, so that it can be made again."""
    transaction.run(DELETE, **creation.names)


def sweep_keys(transaction: Transaction) -> bool:
    """Remove some keys that are too old to be repeated; return whether there may be more."""
    removed = transaction.run(DELETE_OLD, before=transaction.now - KEPT)
    return removed >= SWEPT_AT_ONCE
