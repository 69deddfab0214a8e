"""The table of held messages, and its queries."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from echosphere.conversations import Access
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    metadata,
)
from echosphere.messages.held import Held

held_messages = Table(
    "held_messages",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("reply_to", BigInteger),
    Column("attachments", Text, nullable=False),  # JSON: ids
    Column("edits", BigInteger),  # the message whose words it would change
    Column("created_at", Milliseconds, nullable=False),
    Column("reason", Text),  # why it was refused
    UniqueConstraint("author_id", "conversation_id", "key"),
    Index(None, "conversation_id", "created_at"),
)

_here = held_messages.c.conversation_id == bindparam("conversation")
_authored = _here & (held_messages.c.author_id == bindparam("author"))
_this = held_messages.c.id == bindparam("held")

HELD_IN = Prepared(
    select(*held_messages.c).where(_here).order_by(held_messages.c.created_at, held_messages.c.id)
)
FIND_HELD = Prepared(select(*held_messages.c).where(_here, _this))
FIND_HELD_BY_KEY = Prepared(
    select(*held_messages.c).where(_authored, held_messages.c.key == bindparam("key"))
)
COUNT_HELD = Prepared(select(func.count()).select_from(held_messages).where(_authored))
INSERT_HELD = Prepared(
    insert(held_messages).values({c.name: bindparam(c.name) for c in held_messages.c})
)
SET_REASON = Prepared(update(held_messages).where(_this).values(reason=bindparam("why")))
DELETE_HELD = Prepared(delete(held_messages).where(_this), erases=True)


def held_in(snapshot: Snapshot, conversation: str) -> list[Held]:
    """Return what is held in a conversation, the first held first."""
    return [Held(*row) for row in snapshot.all(HELD_IN, conversation=conversation)]


def find_held(snapshot: Snapshot, conversation: str, held: str) -> Held | None:
    """Return one held message, or None."""
    row = snapshot.first(FIND_HELD, conversation=conversation, held=held)
    return None if row is None else Held(*row)


def find_held_by_key(snapshot: Snapshot, access: Access, key: str) -> Held | None:
    """Return what the viewer has held with a key, or None."""
    here, author = access.conversation.id, access.viewer
    row = snapshot.first(FIND_HELD_BY_KEY, conversation=here, author=author, key=key)
    return None if row is None else Held(*row)


def count_held(snapshot: Snapshot, access: Access) -> int:
    """Return how many messages of the viewer are held in a conversation."""
    here, author = access.conversation.id, access.viewer
    return int(snapshot.all(COUNT_HELD, conversation=here, author=author)[0][0])


def insert_held(transaction: Transaction, held: Held) -> None:
    """Store a held message."""
    transaction.run(
        INSERT_HELD,
        id=held.id,
        conversation_id=held.conversation,
        author_id=held.author,
        key=held.key,
        body=held.body,
        reply_to=held.reply_to,
        attachments=held.attachments,
        edits=held.edits,
        created_at=held.created_at,
        reason=held.reason,
    )


def set_reason(transaction: Transaction, held: str, reason: str) -> None:
    """Store why a held message was refused."""
    transaction.run(SET_REASON, held=held, why=reason)


def delete_held(transaction: Transaction, held: str) -> None:
    """Delete a held message."""
    transaction.run(DELETE_HELD, held=held)
