"""The tables of the directory, read together with accounts and blocks."""

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

from echosphere.accounts.store import users
from echosphere.contacts.store import blocks
from echosphere.database import Command, Prepared, Snapshot, Transaction, insert, metadata
from echosphere.directory.names import MAX_NAME, MAX_WORD, index_words


def _sorted_by_code_point(length: int) -> String:
    """Return a text type that both databases sort by code point, whatever the locale.

    Otherwise an index could not be used to find the words with a given start.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


directory = Table(
    "directory",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", _sorted_by_code_point(MAX_NAME), nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("folding", BigInteger, nullable=False),
    Index(None, "listed", "name", "user_id"),
)
words = Table(
    "directory_words",
    metadata,
    Column("user_id", ForeignKey("directory.user_id", ondelete="CASCADE"), primary_key=True),
    Column("word", _sorted_by_code_point(MAX_WORD), primary_key=True),
    Column("name", _sorted_by_code_point(MAX_NAME), nullable=False),
    Index(None, "word", "name", "user_id"),
)
"""The word starts of the names of listed users; the name is there to sort by."""


class Entry(NamedTuple):
    """A user in the directory.

    Attributes:
        name: Folded.
        listed: Whether the user wants to be found.
        folding: The version of the rules by which the name was folded.
    """

    user_id: str
    name: str
    listed: bool
    folding: int


class PageEnd(NamedTuple):
    """The sort key of the last entry of a page."""

    word: str
    name: str
    user_id: str


_LAST = "\U0010ffff"
"""Sorts behind all typed text."""

_is_blocked = exists().where(
    or_(
        and_(blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == directory.c.user_id),
        and_(blocks.c.user_id == directory.c.user_id, blocks.c.blocked_id == bindparam("viewer")),
    )
)
_viewer = users.alias("viewer")
_VISIBLE = (
    directory.c.listed == true(),
    exists().where(
        users.c.id == directory.c.user_id, users.c.closed_at.is_(None), users.c.role != "guest"
    ),
    directory.c.user_id != bindparam("viewer"),
    exists().where(_viewer.c.id == bindparam("viewer"), _viewer.c.role != "guest"),
    ~_is_blocked,
)
"""The condition that the viewer finds a user; all queries for viewers use it."""

IS_VISIBLE = Prepared(
    select(directory.c.user_id).where(*_VISIBLE, directory.c.user_id == bindparam("other"))
)
USERS_WITHOUT_ENTRY = Prepared(
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


def find_page(
    snapshot: Snapshot, viewer: str, terms: list[str], after: PageEnd | None, most: int
) -> list[PageEnd]:
    """Return the sort keys of the users whom the viewer finds, in the order of an index.

    Args:
        snapshot: The state to read.
        viewer: The user who searches.
        terms: Word starts; entries are sorted by the word that matches the first of them.
        after: Where the previous page ended.
        most: The maximum number of entries.
    """
    key: tuple[ColumnElement[str], ...]
    if terms:
        first, *others = terms
        key = (words.c.word, words.c.name, words.c.user_id)
        statement = (
            # No join, so that no database starts from the many users.
            select(*key)
            .where(*_starts_with(words.c.word, first), ~_matched_before(first))
            .where(*[_has_word(one) for one in others])
            .where(exists().where(directory.c.user_id == words.c.user_id, *_VISIBLE))
        )
    else:
        key = (directory.c.name, directory.c.user_id)
        statement = select(literal(""), *key).where(*_VISIBLE)
    if after is not None:
        start = after if terms else (after.name, after.user_id)
        statement = statement.where(tuple_(*key) > tuple_(*start))
    found = statement.order_by(*key).limit(most)
    return [PageEnd(*tuple(row)) for row in snapshot.execute(found, {"viewer": viewer})]


def _starts_with(word: ColumnElement[str], term: str) -> tuple[ColumnElement[bool], ...]:
    return word >= term, word < term + _LAST


def _matched_before(term: str) -> ColumnElement[bool]:
    """Whether an earlier word of the user matches too: each user is returned once."""
    earlier = words.alias("earlier")
    return exists().where(
        earlier.c.user_id == words.c.user_id,
        earlier.c.word >= term,
        earlier.c.word < words.c.word,
    )


def _has_word(term: str) -> ColumnElement[bool]:
    other = words.alias()
    return exists().where(other.c.user_id == words.c.user_id, *_starts_with(other.c.word, term))


def is_visible(snapshot: Snapshot, viewer: str, user_id: str) -> bool:
    """Whether the viewer finds a user."""
    return snapshot.first(IS_VISIBLE, viewer=viewer, other=user_id) is not None


def users_without_entry(snapshot: Snapshot, folding: int, most: int) -> list[tuple[str, str]]:
    """Return the ids and names of users whose entry is missing or was folded by other rules."""
    return [
        (user_id, name)
        for user_id, name in snapshot.all(USERS_WITHOUT_ENTRY, folding=folding, most=most)
    ]


def upsert_entry(transaction: Transaction, entry: Entry) -> None:
    """Store an entry, and replace an existing one."""
    _store_entry(transaction, entry, replace=True)


def insert_missing_entry(transaction: Transaction, entry: Entry) -> None:
    """Store an entry, unless one with the same folding rules exists."""
    _store_entry(transaction, entry, replace=False)


def _store_entry(transaction: Transaction, entry: Entry, *, replace: bool) -> None:
    statement = insert(directory).values(
        user_id=entry.user_id, name=entry.name, listed=entry.listed, folding=entry.folding
    )
    new_values = {name: statement.excluded[name] for name in ("name", "listed", "folding")}
    other_rules = directory.c.folding != statement.excluded.folding
    upsert = statement.on_conflict_do_update(
        index_elements=["user_id"], set_=new_values, where=None if replace else other_rules
    )
    # The row is locked from here on, so no one else changes the words.
    if transaction.execute(upsert).rowcount == 0:
        return
    transaction.run(REMOVE_WORDS, user=entry.user_id)
    key = {"user_id": entry.user_id, "name": entry.name}
    rows = [key | {"word": word} for word in index_words(entry.name)]
    if entry.listed and rows:
        transaction.run_many(INSERT_WORD, rows)


def delete_entry(transaction: Transaction, user_id: str) -> None:
    """Delete a user's entry."""
    transaction.run(REMOVE_WORDS, user=user_id)
    transaction.run(REMOVE, user=user_id)


def empty_directory(transaction: Transaction) -> None:
    """Delete all entries."""
    transaction.run(CLEAR_WORDS)
    transaction.run(CLEAR)


class EmptyDirectory(Command[None]):
    """Empty the directory."""

    def run(self, transaction: Transaction) -> None:
        """Empty it."""
        empty_directory(transaction)
