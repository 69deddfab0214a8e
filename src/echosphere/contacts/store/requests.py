"""The table of contact requests, and its queries."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)

from echosphere.contacts.store.contacts import blocks
from echosphere.core.ids import new_id
from echosphere.database import (
    Identifier,
    Milliseconds,
    Snapshot,
    Text,
    Transaction,
    insert,
    metadata,
)

contact_requests = Table(
    "contact_requests",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("from_user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    # One of the two: a normalised address, with an account or not; or a user.
    Column("to_email", String(254), index=True),
    Column("to_user", ForeignKey("users.id", ondelete="CASCADE"), index=True),
    Column("body", Text),  # the first message; null for none
    Column("created_at", Milliseconds, nullable=False),
    # A declined request stays: its sender must not learn of the answer by its absence.
    Column("declined_at", Milliseconds),
    UniqueConstraint("from_user", "to_email"),
    UniqueConstraint("from_user", "to_user"),
)


class StoredRequest(msgspec.Struct, frozen=True):
    """A contact request, to an address or to a user.

    Attributes:
        body: The first message, posted when the request is accepted.
        declined_at: When it was declined; never shown to the sender.
    """

    id: str
    from_user: str
    to_email: str | None
    to_user: str | None
    body: str | None
    created_at: int
    declined_at: int | None


def upsert_request(transaction: Transaction, request: StoredRequest) -> StoredRequest:
    """Store a request, or the new message of a stored one; return it as stored."""
    statement = insert(contact_requests).values(
        id=request.id,
        from_user=request.from_user,
        to_email=request.to_email,
        to_user=request.to_user,
        body=request.body,
        created_at=request.created_at,
        declined_at=request.declined_at,
    )
    receiver = "to_email" if request.to_user is None else "to_user"
    # Id and date stay, which the sender sees: they must not learn of an answer.
    changes = {"body": statement.excluded.body, "declined_at": statement.excluded.declined_at}
    upsert = statement.on_conflict_do_update(index_elements=["from_user", receiver], set_=changes)
    return _request(transaction.execute(upsert.returning(contact_requests)).one())


def new_request(
    transaction: Transaction,
    from_user: str,
    *,
    email: str | None = None,
    user: str | None = None,
    body: str | None = None,
    declined: bool = False,
) -> StoredRequest:
    """Return a new request, not stored yet."""
    now = transaction.now
    return StoredRequest(new_id(), from_user, email, user, body, now, now if declined else None)


def pending_requests_to(snapshot: Snapshot, user: str, email: str) -> list[StoredRequest]:
    """Return the requests that a user may answer, the oldest first; blocks hide them."""
    ordered = _pending(user, email).order_by(contact_requests.c.created_at, contact_requests.c.id)
    return [_request(row) for row in snapshot.execute(ordered)]


def find_received_request(
    snapshot: Snapshot, user: str, email: str, request: str
) -> StoredRequest | None:
    """Return a request that a user may answer, or None."""
    statement = _pending(user, email).where(contact_requests.c.id == request)
    row = snapshot.execute(statement).first()
    return None if row is None else _request(row)


def has_pending_request_from(snapshot: Snapshot, user: str, email: str, sender: str) -> bool:
    """Whether a sender's request waits for the user's answer."""
    statement = _pending(user, email).where(contact_requests.c.from_user == sender)
    return snapshot.execute(statement.limit(1)).first() is not None


def requests_between(
    snapshot: Snapshot, from_user: str, user: str, email: str | None
) -> list[StoredRequest]:
    """Return all requests of one user to another, hidden and declined too, the oldest first."""
    statement = select(contact_requests).where(
        contact_requests.c.from_user == from_user, _is_addressed_to(user, email)
    )
    ordered = statement.order_by(contact_requests.c.created_at, contact_requests.c.id)
    return [_request(row) for row in snapshot.execute(ordered)]


def sent_requests_of(snapshot: Snapshot, user: str) -> list[StoredRequest]:
    """Return the requests that a user sent, declined ones too, the newest first."""
    statement = select(contact_requests).where(contact_requests.c.from_user == user)
    ordered = statement.order_by(contact_requests.c.created_at.desc(), contact_requests.c.id.desc())
    return [_request(row) for row in snapshot.execute(ordered)]


def find_sent_request(snapshot: Snapshot, user: str, request: str) -> StoredRequest | None:
    """Return a request that a user sent, or None."""
    statement = select(contact_requests).where(
        contact_requests.c.from_user == user, contact_requests.c.id == request
    )
    row = snapshot.execute(statement).first()
    return None if row is None else _request(row)


def requests_to_user_id(snapshot: Snapshot, user: str) -> list[StoredRequest]:
    """Return the requests that name a user, not their address."""
    statement = select(contact_requests).where(contact_requests.c.to_user == user)
    return [_request(row) for row in snapshot.execute(statement)]


def decline_requests(transaction: Transaction, ids: Collection[str]) -> None:
    """Mark requests as declined, which hides them from their receivers."""
    statement = update(contact_requests).where(contact_requests.c.id.in_(ids))
    transaction.execute(statement.values(declined_at=transaction.now))


def delete_requests(transaction: Transaction, ids: Collection[str]) -> None:
    """Remove requests."""
    transaction.execute(delete(contact_requests).where(contact_requests.c.id.in_(ids)))


def _pending(user: str, email: str) -> Select[Any]:
    return select(contact_requests).where(
        _is_addressed_to(user, email), contact_requests.c.declined_at.is_(None), _not_blocked(user)
    )


def _is_addressed_to(user: str, email: str | None) -> ColumnElement[bool]:
    by_id = contact_requests.c.to_user == user
    return by_id if email is None else or_(contact_requests.c.to_email == email, by_id)


def _not_blocked(user: str) -> ColumnElement[bool]:
    sender = contact_requests.c.from_user
    either_way = or_(
        and_(blocks.c.user_id == user, blocks.c.blocked_id == sender),
        and_(blocks.c.user_id == sender, blocks.c.blocked_id == user),
    )
    return ~exists().where(either_way)


def _request(row: Row[Any]) -> StoredRequest:
    return StoredRequest(
        row.id,
        row.from_user,
        row.to_email,
        row.to_user,
        row.body,
        row.created_at,
        row.declined_at,
    )
