"""Idempotency keys: a repeated call returns what the first one created."""

import hashlib
from collections.abc import Callable
from typing import Concatenate, ParamSpec

import msgspec
from sqlalchemy import Column, Index, String, Table, bindparam, delete, insert, select, update

from echosphere.core.clock import DAY
from echosphere.core.errors import Refusal
from echosphere.database.command import Command
from echosphere.database.prepared import Prepared
from echosphere.database.schema import Identifier, Milliseconds, Text, metadata
from echosphere.database.transaction import OvertakenError, Snapshot, Transaction

P = ParamSpec("P")

RETENTION = 30 * DAY
"""How long a repeated call finds the first result; after a lost answer it comes much sooner."""

DELETE_BATCH = 1_000

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Identifier, primary_key=True),  # empty before an account exists
    Column("call", String(200), primary_key=True),
    Column("key_hash", String(64), primary_key=True),
    # The id of the created object, or of several, separated by spaces; empty if it has none.
    Column("made", Text, nullable=False),
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
    .limit(DELETE_BATCH)
)
DELETE_OLD = Prepared(
    delete(idempotency_keys).where(
        idempotency_keys.c.key_hash.in_(_old),
        idempotency_keys.c.created_at < bindparam("before"),
    )
)


class Creation(msgspec.Struct, frozen=True):
    """A request to create something, however often it is sent.

    Attributes:
        user: The id of the user; empty before an account exists.
        call: What is created and where.
        key: The idempotency key of the caller; None if the call is never repeated.
    """

    user: str
    call: str
    key: str | None

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters that identify its row; only a hash of the key is stored."""
        hashed = hashlib.sha256((self.key or "").encode()).hexdigest()
        return {"user": self.user, "call": self.call, "key_hash": hashed}


class Created(msgspec.Struct, frozen=True):
    """The id of the created object, and whether this call created it."""

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
    """Create something, or find what the same request has created before.

    The key is stored in the same transaction. If two processes create it at once, the database rolls
    one of them back, and that one then finds the other's object. So does one that was refused because
    the other had just committed, such as by an address that is taken.

    Args:
        transaction: The transaction to create it in.
        creation: The request.
        make: Creates the object and returns its id; None if it has none.

    Raises:
        OvertakenError: The same request was carried out by another process meanwhile.
    """
    known = find_created(transaction, creation)
    if known is not None:
        return Created(known, new=False)
    try:
        made = make(transaction, *args, **kwargs) or ""
    except Refusal as refusal:
        if find_created(transaction, creation) is None:
            raise
        raise OvertakenError from refusal
    if creation.key is not None:
        transaction.run(INSERT, made=made, created_at=transaction.now, **creation.parameters)
    return Created(made, new=True)


class CreateOnce(Command[Created]):
    """A command that creates something, or finds what the same request has created before.

    Attributes:
        creation: The request.
    """

    creation: Creation

    def run(self, transaction: Transaction) -> Created:
        """Create it, or find it."""
        return once(transaction, self.creation, self.create)

    def create(self, transaction: Transaction) -> str | None:
        """Create it and return its id; None if it has none."""
        raise NotImplementedError


def find_created(snapshot: Snapshot, creation: Creation) -> str | None:
    """Return the id of what this request has created, or None."""
    if creation.key is None:
        return None
    row = snapshot.first(FIND, **creation.parameters)
    return None if row is None else str(row[0])


def forget_created(transaction: Transaction, creation: Creation) -> None:
    """Forget a request whose result is gone, so that it can be repeated."""
    transaction.run(DELETE, **creation.parameters)


def shift_keys(transaction: Transaction, by: int) -> None:
    """Have keys be as old as before a leap of the clock: a repeat must find the first result."""
    later = idempotency_keys.c.created_at + by
    transaction.execute(update(idempotency_keys).values(created_at=later))


class DeleteExpiredKeys(Command[bool]):
    """Delete a batch of expired keys; return whether there may be more."""

    def run(self, transaction: Transaction) -> bool:
        """Delete them."""
        removed = transaction.run(DELETE_OLD, before=transaction.now - RETENTION)
        return removed >= DELETE_BATCH
