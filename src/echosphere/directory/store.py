"""Who is in the directory, by folded name; it is read together with the accounts and the blocks."""

from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    true,
)

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.accounts.store import users
from echosphere.contacts.store import blocks
from echosphere.database import Prepared, Snapshot, Transaction, metadata

MAX_FOLDED = 200
"""Characters of a folded name that are kept: some signs stand for a whole sentence."""

directory = Table(
    "directory",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(MAX_FOLDED), nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("folding", BigInteger, nullable=False),
    Index(None, "name", "user_id"),
)


class Entry(NamedTuple):
    """A person in the directory.

    Attributes:
        name: Folded, so that all ways of writing it are one.
        listed: Whether they want to be found.
        folding: The rules by which the name was folded.
    """

    user: str
    name: str
    listed: bool
    folding: int


class After(NamedTuple):
    """Where a page ended: the next begins behind this name, and behind this person of that name."""

    name: str
    user: str


_blocked_either_way = exists().where(
    or_(
        and_(blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == directory.c.user_id),
        and_(blocks.c.user_id == directory.c.user_id, blocks.c.blocked_id == bindparam("viewer")),
    )
)
_FOUND: Select[tuple[str, str]] = (
    select(directory.c.name, directory.c.user_id)
    .join(users, users.c.id == directory.c.user_id)
    .where(
        directory.c.listed == true(),
        users.c.closed_at.is_(None),
        directory.c.user_id != bindparam("viewer"),
        ~_blocked_either_way,
    )
)
"""Everybody whom a viewer finds; there is no other way to ask who is in the directory."""

IS_FOUND = Prepared(_FOUND.where(directory.c.user_id == bindparam("other")))
WITHOUT_ENTRY = Prepared(
    select(users.c.id, users.c.name)
    .outerjoin(directory, directory.c.user_id == users.c.id)
    .where(
        users.c.closed_at.is_(None),
        or_(directory.c.user_id.is_(None), directory.c.folding != bindparam("folding")),
    )
    .order_by(users.c.id)
    .limit(bindparam("most"))
)
REMOVE = Prepared(delete(directory).where(directory.c.user_id == bindparam("user")))
CLEAR = Prepared(delete(directory))


def page(
    snapshot: Snapshot, viewer: str, terms: list[str], after: After | None, most: int
) -> list[After]:
    """Return those whom a viewer finds by parts of their names, in the order of the names."""
    statement = _FOUND.where(*[directory.c.name.contains(one, autoescape=True) for one in terms])
    if after is not None:
        later = and_(directory.c.name == after.name, directory.c.user_id > after.user)
        statement = statement.where(or_(directory.c.name > after.name, later))
    ordered = statement.order_by(directory.c.name, directory.c.user_id).limit(most)
    rows = snapshot.execute(ordered, {"viewer": viewer})
    return [After(*tuple(row)) for row in rows]


def is_found(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether a viewer finds somebody in the directory."""
    return snapshot.first(IS_FOUND, viewer=viewer, other=other) is not None


def without_entry(snapshot: Snapshot, folding: int, most: int) -> list[tuple[str, str]]:
    """Return people with their names whose entry is missing, or was folded by other rules."""
    return [(user, name) for user, name in snapshot.all(WITHOUT_ENTRY, folding=folding, most=most)]


def put(transaction: Transaction, entry: Entry) -> None:
    """Keep an entry in place of the one that is there."""
    _put(transaction, entry, anew=True)


def put_missing(transaction: Transaction, entry: Entry) -> None:
    """Keep an entry, unless a change of this moment has kept a newer one."""
    _put(transaction, entry, anew=False)


def _put(transaction: Transaction, entry: Entry, *, anew: bool) -> None:
    statement = insert(directory).values(
        user_id=entry.user, name=entry.name, listed=entry.listed, folding=entry.folding
    )
    fresh = {name: statement.excluded[name] for name in ("name", "listed", "folding")}
    other_rules = directory.c.folding != statement.excluded.folding
    kept = statement.on_conflict_do_update(
        index_elements=["user_id"], set_=fresh, where=None if anew else other_rules
    )
    transaction.execute(kept)


def remove(transaction: Transaction, user: str) -> None:
    """Take somebody out who has closed their account."""
    transaction.run(REMOVE, user=user)


def clear(transaction: Transaction) -> None:
    """Take everybody out."""
    transaction.run(CLEAR)
