"""The index: adding and removing texts, and its progress."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Integer, and_, bindparam, delete, false, func, insert, select, text, update

# Its `ON CONFLICT` is also SQLite's, word for word.
from echosphere.database import Command, Prepared, Row, Snapshot, Transaction
from echosphere.database import insert as upsert
from echosphere.messages.store import messages
from echosphere.search.store.tables import fetch_tuples, search_index, search_progress, search_texts

INSERT_TEXT = Prepared(insert(search_texts).values(id=bindparam("id"), text=bindparam("text")))
INSERT_ENTRY = Prepared(
    insert(search_index).values(rowid=bindparam("rowid"), text=bindparam("text"))
)
MESSAGES_TO_INDEX = Prepared(
    select(
        messages.c.id,
        messages.c.conversation_id,
        messages.c.seq,
        messages.c.body,
        messages.c.files,
        messages.c.parts,
        and_(messages.c.deleted == false(), messages.c.system.is_(None)),
    )
    .where(messages.c.id > bindparam("after"), messages.c.id <= bindparam("until"))
    .order_by(messages.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(read=True, nowait=True)
)

LAST_INDEXED = Prepared(select(func.max(search_texts.c.id)))

PAGES_AT_ONCE = 64
"""About how many pages one step of a purge of SQLite's index writes."""


class Progress(msgspec.Struct, frozen=True):
    """The progress of the index; fields as in `search_progress`."""

    folding: int = 0
    done: int = 0
    safe: int = 0
    seen: int = 0
    horizon: int | None = None
    removed: int = 0
    purged: int = 0


def load_progress(snapshot: Snapshot) -> Progress:
    """Return the progress of the index."""
    columns = [column for column in search_progress.c if column.name != "id"]
    row = snapshot.execute(select(*columns)).first()
    return Progress() if row is None else Progress(*row)


def lock_progress(transaction: Transaction) -> Progress:
    """Return the progress and lock it until the commit."""
    first = select(search_progress.c.id).with_for_update()
    if transaction.execute(first).first() is None:
        row = {"id": 1, "folding": 0, "done": 0, "safe": 0, "seen": 0, "horizon": None}
        row |= {"removed": 0, "purged": 0}
        transaction.execute(upsert(search_progress).values(row).on_conflict_do_nothing())
        transaction.execute(first)
    return load_progress(transaction)


def set_progress(transaction: Transaction, reached: Progress) -> None:
    """Store the progress of the index."""
    transaction.execute(
        update(search_progress).values(
            folding=reached.folding,
            done=reached.done,
            safe=reached.safe,
            seen=reached.seen,
            horizon=reached.horizon,
        )
    )


def last_message_id(snapshot: Snapshot) -> int:
    """Return the row id of the last message, or 0."""
    return int(snapshot.execute(select(func.coalesce(func.max(messages.c.id), 0))).scalar_one())


def running_transactions(snapshot: Snapshot) -> tuple[int, int]:
    """Return the ids of PostgreSQL's oldest running transaction and of its next one."""
    running = text(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
        " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    )
    oldest, coming = fetch_tuples(snapshot, running)[0]
    return oldest, coming


def messages_to_index(transaction: Transaction, after: int, until: int, limit: int) -> list[Row]:
    """Return the next messages: row id, the fields of `MessageText`, whether they are searchable.

    On PostgreSQL they are locked until the commit: an edit waits, and then finds the text that it
    has to replace. Rows that are locked by others are not waited for.
    """
    return transaction.all(MESSAGES_TO_INDEX, after=after, until=until, limit=limit)


def add_texts(transaction: Transaction, texts: Sequence[tuple[int, str]]) -> None:
    """Add texts, by row id."""
    transaction.run_many(INSERT_TEXT, ({"id": number, "text": words} for number, words in texts))
    if transaction.dialect == "sqlite":
        entries = ({"rowid": number, "text": words} for number, words in texts)
        transaction.run_many(INSERT_ENTRY, entries)


def remove_texts(transaction: Transaction, numbers: Sequence[int]) -> None:
    """Remove the texts of messages that were folded under another version."""
    last = transaction.first(LAST_INDEXED)
    if last is None or (last[0] or 0) < min(numbers, default=0):
        return  # always so, unless the folding has changed
    statement = select(search_texts.c.id, search_texts.c.text).where(search_texts.c.id.in_(numbers))
    for number, words in fetch_tuples(transaction, statement):
        remove_text(transaction, number, words)


def find_text(snapshot: Snapshot, conversation: str, seq: int) -> tuple[int, str] | None:
    """Return the row id and the indexed text of a message, or None."""
    statement = (
        select(search_texts.c.id, search_texts.c.text)
        .join(messages, messages.c.id == search_texts.c.id)
        .where(messages.c.conversation_id == conversation, messages.c.seq == seq)
    )
    for number, words in fetch_tuples(snapshot, statement):
        return number, words
    return None


def remove_text(transaction: Transaction, number: int, words: str) -> None:
    """Remove a text."""
    transaction.execute(delete(search_texts).where(search_texts.c.id == number))
    if transaction.dialect == "sqlite":
        # The table is contentless: the removal must name the text.
        entry = "INSERT INTO search_index(search_index, rowid, text) VALUES ('delete', :id, :text)"
        transaction.execute(text(entry), {"id": number, "text": words})
        transaction.execute(update(search_progress).values(removed=search_progress.c.removed + 1))


class PurgeIndex(Command[bool]):
    """Do one step of purging removed texts from SQLite's index; return whether it was the last.

    FTS5 only marks removals, and drops them when all segments are merged into one.
    """

    begin: bool

    def run(self, transaction: Transaction) -> bool:
        """Do one step."""
        pages = -PAGES_AT_ONCE if self.begin else PAGES_AT_ONCE
        before = transaction.execute(select(func.total_changes())).scalar_one()
        step = "INSERT INTO search_index(search_index, rank) VALUES ('merge', :pages)"
        transaction.execute(text(step), {"pages": pages})
        after = transaction.execute(select(func.total_changes())).scalar_one()
        return bool(after - before < 2)  # FTS5's sign that there was nothing to do


class MarkPurged(Command[None]):
    """Note that a purge is complete.

    Attributes:
        removed: The count of removals when the purge began.
    """

    removed: int

    def run(self, transaction: Transaction) -> None:
        """Note it."""
        transaction.execute(
            update(search_progress)
            .where(search_progress.c.purged < self.removed)
            .values(purged=self.removed)
        )
