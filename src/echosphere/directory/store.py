"""Who is in the directory, by folded name; it is read together with the accounts and the blocks."""

from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    true,
    tuple_,
)

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.accounts.store import users
from echosphere.contacts.store import blocks
from echosphere.database import Prepared, Snapshot, Transaction, metadata
from echosphere.directory.names import MAX_NAME, MAX_WORD, words_of


def _sorted_alike(length: int) -> String:
    """Return a type of texts that both databases sort by code points, whatever the locale.

    Otherwise an index would not lead from the beginning of a word to the words.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


directory = Table(
    "directory",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", _sorted_alike(MAX_NAME), nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("folding", BigInteger, nullable=False),
    Index(None, "listed", "name", "user_id"),
)
words = Table(
    "directory_words",
    metadata,
    Column("user_id", ForeignKey("directory.user_id", ondelete="CASCADE"), primary_key=True),
    Column("word", _sorted_alike(MAX_WORD), primary_key=True),
    Column("name", _sorted_alike(MAX_NAME), nullable=False),
    Index(None, "word", "name", "user_id"),
)
"""What the names of those who are listed begin with; the name itself is there to sort by."""


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
    """Where a page ended: the next begins behind this word, this name of it, and this person."""

    word: str
    name: str
    user: str


_LAST = "\U0010ffff"
"""No text that anybody types sorts behind it."""

_blocked_either_way = exists().where(
    or_(
        and_(blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == directory.c.user_id),
        and_(blocks.c.user_id == directory.c.user_id, blocks.c.blocked_id == bindparam("viewer")),
    )
)
_FOUND = (
    directory.c.listed == true(),
    exists().where(users.c.id == directory.c.user_id, users.c.closed_at.is_(None)),
    directory.c.user_id != bindparam("viewer"),
    ~_blocked_either_way,
)
"""Whom a viewer finds; there is no other way to ask who is in the directory."""

IS_FOUND = Prepared(
    select(directory.c.user_id).where(*_FOUND, directory.c.user_id == bindparam("other"))
)
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
REMOVE_WORDS = Prepared(delete(words).where(words.c.user_id == bindparam("user")))
CLEAR = Prepared(delete(directory))
CLEAR_WORDS = Prepared(delete(words))
INSERT_WORD = Prepared(insert(words).values({c.name: bindparam(c.name) for c in words.c}))


def page(
    snapshot: Snapshot, viewer: str, terms: list[str], after: After | None, most: int
) -> list[After]:
    """Return those whom a viewer finds, in the order of an index, which is read no further.

    Args:
        snapshot: The state to read.
        viewer: Who looks.
        terms: Beginnings of words of the name; the first of them, by its words, gives the order.
        after: Where the page before ended.
        most: How many are returned at most.
    """
    key: tuple[ColumnElement[str], ...]
    if terms:
        first, *others = terms
        key = (words.c.word, words.c.name, words.c.user_id)
        statement = (
            # Not joined, so that no database begins with the people, of whom there are many.
            select(*key)
            .where(*_begin_with(words.c.word, first), ~_found_before(first))
            .where(*[_has_word(one) for one in others])
            .where(exists().where(directory.c.user_id == words.c.user_id, *_FOUND))
        )
    else:
        key = (directory.c.name, directory.c.user_id)
        statement = select(literal(""), *key).where(*_FOUND)
    if after is not None:
        place = after if terms else (after.name, after.user)
        statement = statement.where(tuple_(*key) > tuple_(*place))
    found = statement.order_by(*key).limit(most)
    return [After(*tuple(row)) for row in snapshot.execute(found, {"viewer": viewer})]


def _begin_with(word: ColumnElement[str], term: str) -> tuple[ColumnElement[bool], ...]:
    return word >= term, word < term + _LAST


def _found_before(term: str) -> ColumnElement[bool]:
    """Whether somebody was found by an earlier one of their words: they come once."""
    earlier = words.alias("earlier")
    return exists().where(
        earlier.c.user_id == words.c.user_id,
        earlier.c.word >= term,
        earlier.c.word < words.c.word,
    )


def _has_word(term: str) -> ColumnElement[bool]:
    other = words.alias()
    return exists().where(other.c.user_id == words.c.user_id, *_begin_with(other.c.word, term))


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
    # The row is locked from here on, so nobody else changes the words.
    if transaction.execute(kept).rowcount == 0:
        return
    transaction.run(REMOVE_WORDS, user=entry.user)
    own = {"user_id": entry.user, "name": entry.name}
    found = [own | {"word": word} for word in words_of(entry.name)]
    if entry.listed and found:
        transaction.run_many(INSERT_WORD, found)


def remove(transaction: Transaction, user: str) -> None:
    """Take somebody out who has closed their account."""
    transaction.run(REMOVE_WORDS, user=user)
    transaction.run(REMOVE, user=user)


def clear(transaction: Transaction) -> None:
    """Take everybody out."""
    transaction.run(CLEAR_WORDS)
    transaction.run(CLEAR)
