"""The index: what is put into it and taken out, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, and_, bindparam, delete, false, func, insert, select, text, update

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert as insert_unless_there

from echosphere.database import Prepared, Row, Snapshot, Transaction
from echosphere.messages.store import messages
from echosphere.search.store.tables import rows_of, search_index, search_progress, search_texts

INSERT_TEXT = Prepared(insert(search_texts).values(id=bindparam("id"), text=bindparam("text")))
INSERT_ENTRY = Prepared(
    insert(search_index).values(rowid=bindparam("rowid"), text=bindparam("text"))
)
TO_BE_INDEXED = Prepared(
    select(
        messages.c.id,
        messages.c.conversation_id,
        messages.c.seq,
        messages.c.body,
        messages.c.files,
        and_(messages.c.deleted == false(), messages.c.system.is_(None)),
    )
    .where(messages.c.id > bindparam("after"), messages.c.id <= bindparam("until"))
    .order_by(messages.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(read=True, nowait=True)
)

LAST_INDEXED = Prepared(select(func.max(search_texts.c.id)))

PAGES_AT_ONCE = 64
"""Pages that one step of a purge of SQLite's index writes, about."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the index has come; fields as in `search_progress`."""

    folding: int = 0
    done: int = 0
    safe: int = 0
    seen: int = 0
    horizon: int | None = None
    removed: int = 0
    purged: int = 0


def progress(snapshot: Snapshot) -> Progress:
    """Return how far the index has come."""
    columns = [column for column in search_progress.c if column.name != "id"]
    row = snapshot.execute(select(*columns)).first()
    return Progress() if row is None else Progress(*row)


def locked_progress(transaction: Transaction) -> Progress:
    """Return how far the index has come; nobody else moves on until the commit."""
    first = select(search_progress.c.id).with_for_update()
    if transaction.execute(first).first() is None:
        row = {"id": 1, "folding": 0, "done": 0, "safe": 0, "seen": 0, "horizon": None}
        row |= {"removed": 0, "purged": 0}
        transaction.execute(
            insert_unless_there(search_progress).values(row).on_conflict_do_nothing()
        )
        transaction.execute(first)
    return progress(transaction)


def set_progress(transaction: Transaction, reached: Progress) -> None:
    """Keep how far the index has come."""
    transaction.execute(
        update(search_progress).values(
            folding=reached.folding,
            done=reached.done,
            safe=reached.safe,
            seen=reached.seen,
            horizon=reached.horizon,
        )
    )


def last_number(snapshot: Snapshot) -> int:
    """Return the number of the last message."""
    return int(snapshot.execute(select(func.coalesce(func.max(messages.c.id), 0))).scalar_one())


def running_transactions(snapshot: Snapshot) -> tuple[int, int]:
    """Return PostgreSQL's oldest running transaction and the one that it will begin next."""
    running = text(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
        " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    )
    oldest, coming = rows_of(snapshot, running)[0]
    return oldest, coming


def to_be_indexed(transaction: Transaction, after: int, until: int, limit: int) -> list[Row]:
    """Return the next messages: number, conversation, seq, words, files, whether they are found.

    On PostgreSQL they stay as they are until the commit: an edit waits, and then finds the text
    that it has to change. Rows that are being changed right now are not waited for.
    """
    return transaction.all(TO_BE_INDEXED, after=after, until=until, limit=limit)


def add_texts(transaction: Transaction, texts: Sequence[tuple[int, str]]) -> None:
    """Make texts findable."""
    transaction.run_many(INSERT_TEXT, ({"id": number, "text": words} for number, words in texts))
    if transaction.dialect == "sqlite":
        entries = ({"rowid": number, "text": words} for number, words in texts)
        transaction.run_many(INSERT_ENTRY, entries)


def remove_texts(transaction: Transaction, numbers: Sequence[int]) -> None:
    """Take out what there is of these messages: it was folded by other rules."""
    last = transaction.first(LAST_INDEXED)
    if last is None or (last[0] or 0) < min(numbers, default=0):
        return  # as always but when the rules have changed
    statement = select(search_texts.c.id, search_texts.c.text).where(search_texts.c.id.in_(numbers))
    for number, words in rows_of(transaction, statement):
        remove_text(transaction, number, words)


def find_text(snapshot: Snapshot, conversation: str, seq: int) -> tuple[int, str] | None:
    """Return the number and the folded text of a message that is in the index, or None."""
    statement = (
        select(search_texts.c.id, search_texts.c.text)
        .join(messages, messages.c.id == search_texts.c.id)
        .where(messages.c.conversation_id == conversation, messages.c.seq == seq)
    )
    for number, words in rows_of(snapshot, statement):
        return number, words
    return None


def remove_text(transaction: Transaction, number: int, words: str) -> None:
    """Take a text out of what is found."""
    transaction.execute(delete(search_texts).where(search_texts.c.id == number))
    if transaction.dialect == "sqlite":
        # It holds no texts: to remove one it must be told which.
        entry = "INSERT INTO search_index(search_index, rowid, text) VALUES ('delete', :id, :text)"
        transaction.execute(text(entry), {"id": number, "text": words})
        transaction.execute(update(search_progress).values(removed=search_progress.c.removed + 1))


def purge_index(transaction: Transaction, begin: bool) -> bool:
    """Take a step in rewriting SQLite's index without what was removed; return whether it was all.

    FTS5 only notes removals, and drops the removed at the end of merging all into one.
    """
    pages = -PAGES_AT_ONCE if begin else PAGES_AT_ONCE
    before = transaction.execute(select(func.total_changes())).scalar_one()
    step = "INSERT INTO search_index(search_index, rank) VALUES ('merge', :pages)"
    transaction.execute(text(step), {"pages": pages})
    after = transaction.execute(select(func.total_changes())).scalar_one()
    return bool(after - before < 2)  # so FTS5 says that there was nothing to do


def note_purged(transaction: Transaction, removed: int) -> None:
    """Note that the entries which were removed when a purge began are gone.

    Args:
        removed: How many had been removed, ever, when it began.
    """
    transaction.execute(
        update(search_progress).where(search_progress.c.purged < removed).values(purged=removed)
    )
