"""Contacts and blocks: who may reach whom."""

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
    and_,
    bindparam,
    delete,
    or_,
    select,
)

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.database import (
    Milliseconds,
    Prepared,
    Snapshot,
    Transaction,
    among,
    listed,
    metadata,
)

contacts = Table(
    "contacts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("email", String(254)),  # by which the person added the contact; null if they were added
    Column("created_at", Milliseconds, nullable=False),
)

past_contacts = Table(
    "past_contacts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""Who were contacts once: they know each other, and may block each other."""

blocks = Table(
    "blocks",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("blocked_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created_at", Milliseconds, nullable=False),
    Column("name", String(80)),  # of whom the person never met, as it was then; else null
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
    """Remove two people from each other's lists; False when they were in neither.

    That they knew each other is kept.
    """
    pair = _between(contacts.c.user_id, contacts.c.contact_id, user, other)
    kept = select(contacts.c.user_id, contacts.c.contact_id).where(pair)
    known = insert(past_contacts).from_select(["user_id", "contact_id"], kept)
    transaction.execute(known.on_conflict_do_nothing())
    return transaction.execute(delete(contacts).where(pair)).rowcount > 0


def insert_block(transaction: Transaction, user: str, blocked: str, name: str | None) -> None:
    """Note that a person has blocked another, whom they never met if a name is given."""
    statement = insert(blocks).values(
        user_id=user, blocked_id=blocked, created_at=transaction.now, name=name
    )
    transaction.execute(statement.on_conflict_do_nothing())


def delete_block(transaction: Transaction, user: str, blocked: str) -> None:
    """Forget that a person has blocked another."""
    own = (blocks.c.user_id == user, blocks.c.blocked_id == blocked)
    transaction.execute(delete(blocks).where(*own))


def blocked_by(snapshot: Snapshot, user: str) -> dict[str, str | None]:
    """Return whom a person has blocked, the oldest block first; with a name, if they never met."""
    statement = select(blocks.c.blocked_id, blocks.c.name).where(blocks.c.user_id == user)
    ordered = statement.order_by(blocks.c.created_at, blocks.c.blocked_id)
    return {row.blocked_id: row.name for row in snapshot.execute(ordered)}


def delete_person(transaction: Transaction, user: str) -> None:
    """Remove a person's contacts, former ones too, and blocks, on both sides."""
    for table in (contacts, past_contacts):
        either = or_(table.c.user_id == user, table.c.contact_id == user)
        transaction.execute(delete(table).where(either))
    either = or_(blocks.c.user_id == user, blocks.c.blocked_id == user)
    transaction.execute(delete(blocks).where(either))


def _contact(row: Row[Any]) -> StoredContact:
    return StoredContact(row.contact_id, row.email, row.created_at)


def _between(
    first: ColumnElement[str], second: ColumnElement[str], user: str, other: str
) -> ColumnElement[bool]:
    return or_(and_(first == user, second == other), and_(first == other, second == user))
