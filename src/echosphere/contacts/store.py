"""The tables of contacts and their queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
)

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Transaction,
    among,
    listed,
    metadata,
)
from echosphere.ids import new_id

contact_requests = Table(
    "contact_requests",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("from_user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("to_email", String(254), nullable=False, index=True),  # normalised, known or not
    Column("created_at", Milliseconds, nullable=False),
    UniqueConstraint("from_user", "to_email"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("email", String(254)),  # by which the person added the contact; null if they were added
    Column("created_at", Milliseconds, nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("blocked_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created_at", Milliseconds, nullable=False),
)

FIND_CONTACT = Prepared(
    select(contacts.c.user_id).where(
        contacts.c.user_id == bindparam("user"), contacts.c.contact_id == bindparam("other")
    )
)
CONTACTS_AMONG = Prepared(
    select(contacts.c.contact_id).where(
        contacts.c.user_id == bindparam("user"), among(contacts.c.contact_id, "ids")
    )
)
FIND_BLOCK_BETWEEN = Prepared(
    select(blocks.c.user_id).where(
        or_(
            and_(blocks.c.user_id == bindparam("user"), blocks.c.blocked_id == bindparam("other")),
            and_(blocks.c.user_id == bindparam("other"), blocks.c.blocked_id == bindparam("user")),
        )
    )
)

BLOCKS_OF = Prepared(
    select(blocks.c.user_id, blocks.c.blocked_id).where(
        or_(blocks.c.user_id == bindparam("user"), blocks.c.blocked_id == bindparam("user"))
    )
)
BLOCKS_BY = Prepared(
    select(blocks.c.user_id, blocks.c.blocked_id).where(among(blocks.c.user_id, "ids"))
)


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """Somebody asked the holder of an address, known or not, to become a contact."""

    id: str
    from_user: str
    to_email: str
    created_at: int


@dataclass(frozen=True, slots=True)
class StoredContact:
    """A contact of a person; the e-mail if the person added the contact by it."""

    contact: str
    email: str | None
    created_at: int


def are_contacts(snapshot: Snapshot, user: str, other: str) -> bool:
    """Whether two people are each other's contacts."""
    return snapshot.first(FIND_CONTACT, user=user, other=other) is not None


def contacts_among(snapshot: Snapshot, user: str, ids: Iterable[str]) -> set[str]:
    """Return those of these people who are contacts of a person."""
    rows = snapshot.all(CONTACTS_AMONG, user=user, ids=listed(ids))
    return {contact for (contact,) in rows}


def is_blocked_between(snapshot: Snapshot, user: str, other: str) -> bool:
    """Whether one of two people has blocked the other."""
    return snapshot.first(FIND_BLOCK_BETWEEN, user=user, other=other) is not None


def blockers_of(snapshot: Snapshot, user: str) -> set[str]:
    """Return those who have blocked somebody."""
    statement = select(blocks.c.user_id).where(blocks.c.blocked_id == user)
    return set(snapshot.execute(statement).scalars())


def blocked_either_way(snapshot: Snapshot, user: str) -> set[str]:
    """Return those whom somebody has blocked, and those who have blocked them."""
    own = snapshot.all(BLOCKS_OF, user=user)
    return {other for pair in own for other in pair if other != user}


def blocks_among(snapshot: Snapshot, people: Collection[str]) -> dict[str, set[str]]:
    """Return who of these people are apart: each with those of them across a block, either way."""
    found: dict[str, set[str]] = {}
    everybody = frozenset(people)
    for blocker, blocked in snapshot.all(BLOCKS_BY, ids=listed(everybody)):
        if blocked in everybody:
            found.setdefault(blocker, set()).add(blocked)
            found.setdefault(blocked, set()).add(blocker)
    return found


def contacts_of(snapshot: Snapshot, user: str) -> list[StoredContact]:
    """Return a person's contacts, the oldest first."""
    statement = select(contacts.c.contact_id, contacts.c.email, contacts.c.created_at).where(
        contacts.c.user_id == user
    )
    rows = snapshot.execute(statement.order_by(contacts.c.created_at, contacts.c.contact_id))
    return [_contact(row) for row in rows]


def views_of(snapshot: Snapshot, contact: str) -> dict[str, StoredContact]:
    """Return how each person who has somebody as a contact has them, by that person's id."""
    statement = select(
        contacts.c.user_id, contacts.c.contact_id, contacts.c.email, contacts.c.created_at
    ).where(contacts.c.contact_id == contact)
    return {row.user_id: _contact(row) for row in snapshot.execute(statement)}


def insert_contact(
    transaction: Transaction, user: str, contact: str, email: str | None
) -> StoredContact:
    """Add a contact to a person's list."""
    now = transaction.now
    statement = insert(contacts).values(
        user_id=user, contact_id=contact, email=email, created_at=now
    )
    transaction.execute(statement.on_conflict_do_nothing())
    return StoredContact(contact, email, now)


def delete_contact(transaction: Transaction, user: str, other: str) -> bool:
    """Remove two people from each other's lists; False when they were in neither."""
    pair = _between(contacts.c.user_id, contacts.c.contact_id, user, other)
    return transaction.execute(delete(contacts).where(pair)).rowcount > 0


def insert_request(transaction: Transaction, from_user: str, to_email: str) -> StoredRequest | None:
    """Keep a request; None when the same one is kept already."""
    request = StoredRequest(new_id(), from_user, to_email, transaction.now)
    statement = insert(contact_requests).values(
        id=request.id, from_user=from_user, to_email=to_email, created_at=request.created_at
    )
    unless_known = statement.on_conflict_do_nothing(index_elements=["from_user", "to_email"])
    added = transaction.execute(unless_known.returning(contact_requests.c.id)).scalar()
    return None if added is None else request


def requests_to(snapshot: Snapshot, user: str, email: str) -> list[StoredRequest]:
    """Return the requests that a person may see, the oldest first: blocks hide them."""
    statement = select(contact_requests).where(
        contact_requests.c.to_email == email, _not_blocked(user)
    )
    ordered = statement.order_by(contact_requests.c.created_at, contact_requests.c.id)
    return [_request(row) for row in snapshot.execute(ordered)]


def find_request(snapshot: Snapshot, user: str, email: str, request: str) -> StoredRequest | None:
    """Return a request as the person whom it asks may see it."""
    statement = select(contact_requests).where(
        contact_requests.c.id == request,
        contact_requests.c.to_email == email,
        _not_blocked(user),
    )
    row = snapshot.execute(statement).first()
    return None if row is None else _request(row)


def find_request_from(snapshot: Snapshot, from_user: str, to_email: str) -> StoredRequest | None:
    """Return the request of a person to an address, hidden or not."""
    statement = select(contact_requests).where(
        contact_requests.c.from_user == from_user, contact_requests.c.to_email == to_email
    )
    row = snapshot.execute(statement).first()
    return None if row is None else _request(row)


def requests_from(snapshot: Snapshot, user: str) -> list[StoredRequest]:
    """Return a person's own requests that wait for an answer, hidden or not."""
    statement = select(contact_requests).where(contact_requests.c.from_user == user)
    return [_request(row) for row in snapshot.execute(statement)]


def requests_concerning(snapshot: Snapshot, user: str, email: str) -> list[StoredRequest]:
    """Return all requests from a person and to their address."""
    statement = select(contact_requests).where(
        or_(contact_requests.c.from_user == user, contact_requests.c.to_email == email)
    )
    return [_request(row) for row in snapshot.execute(statement)]


def delete_requests(transaction: Transaction, ids: Collection[str]) -> None:
    """Remove requests."""
    transaction.execute(delete(contact_requests).where(contact_requests.c.id.in_(ids)))


def insert_block(transaction: Transaction, user: str, blocked: str) -> None:
    """Note that a person has blocked another."""
    statement = insert(blocks).values(user_id=user, blocked_id=blocked, created_at=transaction.now)
    transaction.execute(statement.on_conflict_do_nothing())


def delete_block(transaction: Transaction, user: str, blocked: str) -> None:
    """Forget that a person has blocked another."""
    own = (blocks.c.user_id == user, blocks.c.blocked_id == blocked)
    transaction.execute(delete(blocks).where(*own))


def blocked_by(snapshot: Snapshot, user: str) -> list[str]:
    """Return whom a person has blocked, the oldest block first."""
    statement = select(blocks.c.blocked_id).where(blocks.c.user_id == user)
    return list(
        snapshot.execute(statement.order_by(blocks.c.created_at, blocks.c.blocked_id)).scalars()
    )


def delete_person(transaction: Transaction, user: str) -> None:
    """Remove a person's contacts and blocks, on both sides."""
    either = or_(contacts.c.user_id == user, contacts.c.contact_id == user)
    transaction.execute(delete(contacts).where(either))
    either = or_(blocks.c.user_id == user, blocks.c.blocked_id == user)
    transaction.execute(delete(blocks).where(either))


def _contact(row: Row[Any]) -> StoredContact:
    return StoredContact(row.contact_id, row.email, row.created_at)


def _request(row: Row[Any]) -> StoredRequest:
    return StoredRequest(row.id, row.from_user, row.to_email, row.created_at)


def _between(
    first: ColumnElement[str], second: ColumnElement[str], user: str, other: str
) -> ColumnElement[bool]:
    return or_(and_(first == user, second == other), and_(first == other, second == user))


def _not_blocked(user: str) -> ColumnElement[bool]:
    sender = contact_requests.c.from_user
    either_way = or_(
        and_(blocks.c.user_id == user, blocks.c.blocked_id == sender),
        and_(blocks.c.user_id == sender, blocks.c.blocked_id == user),
    )
    return ~exists().where(either_way)
