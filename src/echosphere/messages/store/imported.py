"""Inserts imported messages, and tells whether people have gone on writing after them."""

from sqlalchemy import bindparam, false, literal_column, select

from echosphere.database import Prepared, Snapshot, Transaction, insert
from echosphere.messages.message import Message
from echosphere.messages.store.rows import IN_CONVERSATION
from echosphere.messages.store.tables import messages

_IMPORTED_FIELDS = tuple(
    name
    for name in Message._fields
    if name not in ("conversation", "author", "deleted", "system", "preview")
)
_columns = ("conversation_id", "author_id", *_IMPORTED_FIELDS)
INSERT_IMPORTED = Prepared(
    insert(messages)
    .values({name: bindparam(name) for name in _columns} | {"deleted": false()})
    .on_conflict_do_nothing(index_elements=["author_id", "conversation_id", "key"])
)
POSTED_AFTER = Prepared(
    select(messages.c.seq)
    .where(IN_CONVERSATION, messages.c.seq > bindparam("after"), messages.c.system.is_(None))
    .limit(literal_column("1"))
)


def insert_imported(transaction: Transaction, message: Message) -> bool:
    """Insert a message with what was done to it elsewhere; return False if its key exists."""
    values = {name: getattr(message, name) for name in _IMPORTED_FIELDS}
    columns = {"conversation_id": message.conversation, "author_id": message.author}
    return transaction.run(INSERT_IMPORTED, **columns, **values) > 0


def has_messages_after(snapshot: Snapshot, conversation: str, seq: int) -> bool:
    """Whether someone has posted after a message; lines of the server do not count."""
    return snapshot.first(POSTED_AFTER, conversation=conversation, after=seq) is not None
