"""The tables of contacts and blocks, and their queries."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
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
    exists,
    or_,
    select,
)

from echosphere.database import (
    Identifier,
    Lookup,
    Milliseconds,
    Prepared,
    Snapshot,
    Transaction,
    as_list,
    in_list,
    insert,
    metadata,
)

contacts = Table(
    "contacts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("email", String(254)),  # by which the user added the contact; null if they did not
    Column("created_at", Milliseconds, nullable=False),
)

past_contacts = Table(
    "past_contacts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""Former contacts: they may still block each other."""

blocks = Table(
    "blocks",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("blocked_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created_at", Milliseconds, nullable=False),
    Column("name", String(80)),  # of a user found in the directory alone, as it was then
)

FIND_CONTACT = Prepared(
    select(contacts.c.user_id).where(
        contacts.c.user_id == bindparam("user"), contacts.c.contact_id == bindparam("other")
    )
)
FILTER_CONTACTS = Prepared(
    select(contacts.c.contact_id).where(
        contacts.c.user_id == bindparam("user"), in_list(contacts.c.contact_id, "ids")
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
    select(blocks.c.user_id, blocks.c.blocked_id).where(in_list(blocks.c.user_id, "ids"))
)


class StoredContact(msgspec.Struct, frozen=True):
    """A contact of a user; `email` is set if the user added the contact by it."""

    contact: str
    email: str | None
    created_at: int


def are_contacts(snapshot: Snapshot, user: str, other: str) -> bool:
    """Whether two users are contacts."""
    return snapshot.first(FIND_CONTACT, user=user, other=other) is not None


def filter_contacts(snapshot: Snapshot, user: str, ids: Iterable[str]) -> set[str]:
    """Return those of these users who are the user's contacts."""
    rows = snapshot.all(FILTER_CONTACTS, user=user, ids=as_list(ids))
    return {contact for (contact,) in rows}


def is_blocked_with(viewer: str, other: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a block stands between the parameter `viewer` and the users of a column."""
    user = bindparam(viewer, type_=Identifier)
    return exists().where(
        or_(
            and_(blocks.c.user_id == user, blocks.c.blocked_id == other),
            and_(blocks.c.user_id == other, blocks.c.blocked_id == user),
        )
    )


def block_lookup(user: str, other: str) -> Lookup:
    """Return the query of `is_blocked_between`."""
    return FIND_BLOCK_BETWEEN, {"user": user, "other": other}


def is_blocked_between(snapshot: Snapshot, user: str, other: str) -> bool:
    """Whether one of two users has blocked the other."""
    return snapshot.first(FIND_BLOCK_BETWEEN, user=user, other=other) is not None


def blockers_of(snapshot: Snapshot, user: str) -> set[str]:
    """Return the users who have blocked a user."""
    statement = select(blocks.c.user_id).where(blocks.c.blocked_id == user)
    return set(snapshot.execute(statement).scalars())


def blocked_user_ids(snapshot: Snapshot, user: str) -> set[str]:
    """Return the users across a block from a user, whichever of the two set it."""
    own = snapshot.all(BLOCKS_OF, user=user)
    return {other for pair in own for other in pair if other != user}


def blocked_pairs(snapshot: Snapshot, user_ids: Collection[str]) -> dict[str, set[str]]:
    """Return each of these users who is across a block from others of them, with those others."""
    found: dict[str, set[str]] = {}
    among_users = frozenset(user_ids)
    for blocker, blocked in snapshot.all(BLOCKS_BY, ids=as_list(among_users)):
        if blocked in among_users:
            found.setdefault(blocker, set()).add(blocked)
            found.setdefault(blocked, set()).add(blocker)
    return found


def contacts_of(snapshot: Snapshot, user: str) -> list[StoredContact]:
    """Return a user's contacts, the oldest first."""
    statement = select(contacts.c.contact_id, contacts.c.email, contacts.c.created_at).where(
        contacts.c.user_id == user
    )
    rows = snapshot.execute(statement.order_by(contacts.c.created_at, contacts.c.contact_id))
    return [_contact(row) for row in rows]


def reverse_contacts_of(snapshot: Snapshot, contact: str) -> dict[str, StoredContact]:
    """Return the entries of a user in others' contact lists, by the id of the list's owner."""
    statement = select(
        contacts.c.user_id, contacts.c.contact_id, contacts.c.email, contacts.c.created_at
    ).where(contacts.c.contact_id == contact)
    return {row.user_id: _contact(row) for row in snapshot.execute(statement)}


def insert_contact(
    transaction: Transaction, user: str, contact: str, email: str | None
) -> StoredContact:
    """Add a contact to a user's list."""
    now = transaction.now
    statement = insert(contacts).values(
        user_id=user, contact_id=contact, email=email, created_at=now
    )
    transaction.execute(statement.on_conflict_do_nothing())
    return StoredContact(contact, email, now)


def delete_contact(transaction: Transaction, user: str, other: str) -> bool:
    """Move a pair to the past contacts; return False if they were not contacts."""
    pair = _is_pair(contacts.c.user_id, contacts.c.contact_id, user, other)
    kept = select(contacts.c.user_id, contacts.c.contact_id).where(pair)
    past = insert(past_contacts).from_select(["user_id", "contact_id"], kept)
    transaction.execute(past.on_conflict_do_nothing())
    return transaction.execute(delete(contacts).where(pair)).rowcount > 0


def insert_block(transaction: Transaction, user: str, blocked: str, name: str | None) -> None:
    """Store a block; `name` is given for a user found in the directory alone."""
    statement = insert(blocks).values(
        user_id=user, blocked_id=blocked, created_at=transaction.now, name=name
    )
    transaction.execute(statement.on_conflict_do_nothing())


def delete_block(transaction: Transaction, user: str, blocked: str) -> None:
    """Remove a block."""
    own = (blocks.c.user_id == user, blocks.c.blocked_id == blocked)
    transaction.execute(delete(blocks).where(*own))


def users_blocked_by(snapshot: Snapshot, user: str) -> dict[str, str | None]:
    """Return the users whom a user has blocked, the oldest block first, with the stored name."""
    statement = select(blocks.c.blocked_id, blocks.c.name).where(blocks.c.user_id == user)
    ordered = statement.order_by(blocks.c.created_at, blocks.c.blocked_id)
    return {row.blocked_id: row.name for row in snapshot.execute(ordered)}


def delete_all_of_user(transaction: Transaction, user: str) -> None:
    """Remove a user's contacts, past contacts and blocks, on both sides."""
    for table in (contacts, past_contacts):
        either = or_(table.c.user_id == user, table.c.contact_id == user)
        transaction.execute(delete(table).where(either))
    either = or_(blocks.c.user_id == user, blocks.c.blocked_id == user)
    transaction.execute(delete(blocks).where(either))


def _contact(row: Row[Any]) -> StoredContact:
    return StoredContact(row.contact_id, row.email, row.created_at)


def _is_pair(
    first: ColumnElement[str], second: ColumnElement[str], user: str, other: str
) -> ColumnElement[bool]:
    return or_(and_(first == user, second == other), and_(first == other, second == user))
