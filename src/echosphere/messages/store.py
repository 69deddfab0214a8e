"""The table of messages and its queries."""

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    false,
    insert,
    literal_column,
    select,
    text,
)

from echosphere.database import (
    Milliseconds,
    Prepared,
    Row,
    RowNumber,
    Snapshot,
    Text,
    Transaction,
    metadata,
)
from echosphere.messages.message import Message

messages = Table(
    "messages",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("edited_at", Milliseconds),
    Column("deleted", Boolean, nullable=False),
    Column("reply_to", BigInteger),
    Column("system", Text),  # JSON: what a system line says
    Column("files", Integer, nullable=False),  # how many attachments it has
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("author_id", "conversation_id", "key"),
    # Few messages change after they were posted: the others need no place in this index.
    Index(
        "ix_messages_changed",
        "conversation_id",
        "version",
        sqlite_where=text("version <> seq"),
        postgresql_where=text("version <> seq"),
    ),
)

MESSAGE = (
    messages.c.conversation_id,
    messages.c.seq,
    messages.c.version,
    messages.c.author_id,
    messages.c.key,
    messages.c.body,
    messages.c.created_at,
    messages.c.edited_at,
    messages.c.deleted,
    messages.c.reply_to,
    messages.c.system,
    messages.c.files,
)

NEW = ("conversation_id", "seq", "version", "author_id", "key", "body", "created_at", "files")

_here = messages.c.conversation_id == bindparam("conversation")
_visible = messages.c.seq > bindparam("joined_seq")
_limit = bindparam("limit", type_=Integer)

FIND_BY_KEY = Prepared(
    select(*MESSAGE).where(
        messages.c.author_id == bindparam("author"), _here, messages.c.key == bindparam("key")
    )
)
FIND = Prepared(select(*MESSAGE).where(_here, messages.c.seq == bindparam("seq")))
# Drivers spend as much on a NULL or a boolean parameter as SQLite does on the row: what a new
# message does not have is left out.
_new = insert(messages).values({name: bindparam(name) for name in NEW} | {"deleted": false()})
INSERT = Prepared(_new)
INSERT_REPLY = Prepared(_new.values(reply_to=bindparam("reply_to")))
BEFORE = Prepared(
    select(*MESSAGE)
    .where(_here, _visible, messages.c.seq < bindparam("before"))
    .order_by(messages.c.seq.desc())
    .limit(_limit)
)
AFTER = Prepared(
    select(*MESSAGE)
    .where(_here, _visible, messages.c.seq > bindparam("after"))
    .order_by(messages.c.seq)
    .limit(_limit)
)
CHANGED = Prepared(
    select(*MESSAGE)
    .where(
        _here,
        _visible,
        text("version <> seq"),  # as the index says it, or SQLite would not use it
        messages.c.version > bindparam("version"),
        messages.c.seq <= bindparam("version"),
    )
    .order_by(messages.c.version)
    .limit(_limit)
)
EXISTS_BEFORE = Prepared(
    select(literal_column("1")).where(_here, _visible, messages.c.seq < bindparam("seq")).limit(1)
)


def find_by_key(snapshot: Snapshot, author: str, conversation: str, key: str) -> Message | None:
    """Return the message that an author posted with an idempotency key, or None."""
    row = snapshot.first(FIND_BY_KEY, author=author, conversation=conversation, key=key)
    return None if row is None else to_message(row)


def find(snapshot: Snapshot, conversation: str, seq: int) -> Message | None:
    """Return the message with a number, or None."""
    row = snapshot.first(FIND, conversation=conversation, seq=seq)
    return None if row is None else to_message(row)


def insert_message(transaction: Transaction, message: Message) -> None:
    """Store a message that somebody just posted."""
    transaction.run(
        INSERT if message.reply_to is None else INSERT_REPLY,
        conversation_id=message.conversation,
        seq=message.seq,
        version=message.version,
        author_id=message.author,
        key=message.key,
        body=message.body,
        created_at=message.created_at,
        reply_to=message.reply_to,
        files=message.files,
    )


def page_before(
    snapshot: Snapshot, conversation: str, joined_seq: int, before: int, limit: int
) -> list[Message]:
    """Return the last `limit` messages with a smaller number, ascending."""
    rows = snapshot.all(
        BEFORE, conversation=conversation, joined_seq=joined_seq, before=before, limit=limit
    )
    return [to_message(row) for row in reversed(rows)]


def page_after(
    snapshot: Snapshot, conversation: str, joined_seq: int, after: int, limit: int
) -> list[Message]:
    """Return the first `limit` messages with a larger number, ascending."""
    rows = snapshot.all(
        AFTER, conversation=conversation, joined_seq=joined_seq, after=after, limit=limit
    )
    return to_messages(rows)


def changed_since(
    snapshot: Snapshot, conversation: str, joined_seq: int, version: int, limit: int
) -> list[Message]:
    """Return messages with a later version: changed older ones, then those posted since."""
    rows = snapshot.all(
        CHANGED, conversation=conversation, joined_seq=joined_seq, version=version, limit=limit
    )
    posted = page_after(snapshot, conversation, max(joined_seq, version), version, limit)
    return [*to_messages(rows), *posted][:limit]


def exists_before(snapshot: Snapshot, conversation: str, joined_seq: int, seq: int) -> bool:
    """Return whether there is an older message that the viewer may see."""
    return bool(
        snapshot.all(EXISTS_BEFORE, conversation=conversation, joined_seq=joined_seq, seq=seq)
    )


def to_messages(rows: Iterable[Row]) -> list[Message]:
    """Return the messages of rows."""
    return [to_message(row) for row in rows]


def to_message(row: Row) -> Message:
    """Return the message of a row."""
    return Message._make(row)
