"""Updates messages and keeps their earlier texts."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, literal_column, select, update

from echosphere.database import Prepared, Snapshot, Transaction
from echosphere.messages.message import Message
from echosphere.messages.origin import EarlierText
from echosphere.messages.store.rows import IN_CONVERSATION
from echosphere.messages.store.tables import message_versions, messages

FIXED = {
    "conversation",
    "seq",
    "author",
    "key",
    "created_at",
    "reply_to",
    "system",
    "forwarded",
    "automated",
}
MUTABLE_COLUMNS = tuple(name for name in Message._fields if name not in FIXED)
UPDATE = Prepared(
    update(messages)
    .where(IN_CONVERSATION, messages.c.seq == bindparam("in_seq"))
    .values({name: bindparam(name) for name in MUTABLE_COLUMNS})
)
_versions_of = (message_versions.c.conversation_id == bindparam("conversation")) & (
    message_versions.c.seq == bindparam("seq")
)
INSERT_VERSION = Prepared(
    insert(message_versions).values({c.name: bindparam(c.name) for c in message_versions.c})
)
LAST_VERSION = Prepared(
    select(func.coalesce(func.max(message_versions.c.number), literal_column("0"))).where(
        _versions_of
    )
)
DELETE_FIRST_VERSIONS = Prepared(
    delete(message_versions).where(_versions_of, message_versions.c.number <= bindparam("last"))
)
COUNT_VERSIONS = Prepared(select(func.count()).where(_versions_of))
VERSIONS = Prepared(
    select(message_versions.c.body, message_versions.c.created_at)
    .where(_versions_of)
    .order_by(message_versions.c.number)
)
DELETE_VERSIONS = Prepared(delete(message_versions).where(_versions_of))


def update_message(transaction: Transaction, message: Message) -> None:
    """Store all mutable columns of a message."""
    values = message._asdict()
    transaction.run(
        UPDATE,
        conversation=message.conversation,
        in_seq=message.seq,
        **{name: values[name] for name in MUTABLE_COLUMNS},
    )


def insert_version(transaction: Transaction, message: Message, keep: int | None = None) -> None:
    """Keep the text of a message that is about to be edited, and only the last ones if so many."""
    this = {"conversation": message.conversation, "seq": message.seq}
    last = int(transaction.all(LAST_VERSION, **this)[0][0])
    if keep is not None:
        transaction.run(DELETE_FIRST_VERSIONS, **this, last=last + 1 - keep)
    transaction.run(
        INSERT_VERSION,
        conversation_id=message.conversation,
        seq=message.seq,
        number=last + 1,
        body=message.body,
        created_at=message.edited_at or message.created_at,
    )


def insert_earlier(
    transaction: Transaction, message: Message, earlier: Sequence[EarlierText]
) -> None:
    """Store the earlier texts of a new message that was imported, oldest first."""
    for number, text in enumerate(earlier, 1):
        transaction.run(
            INSERT_VERSION,
            conversation_id=message.conversation,
            seq=message.seq,
            number=number,
            body=text.body,
            created_at=text.created_at,
        )


def count_versions(snapshot: Snapshot, conversation: str, seq: int) -> int:
    """Return the number of earlier texts of a message."""
    return int(snapshot.all(COUNT_VERSIONS, conversation=conversation, seq=seq)[0][0])


def versions_of(snapshot: Snapshot, conversation: str, seq: int) -> list[tuple[str, int]]:
    """Return the earlier texts of a message with their times, oldest first."""
    rows = snapshot.all(VERSIONS, conversation=conversation, seq=seq)
    return [(body, created_at) for body, created_at in rows]


def delete_versions(transaction: Transaction, conversation: str, seq: int) -> None:
    """Delete the earlier texts of a message that is being deleted."""
    transaction.run(DELETE_VERSIONS, conversation=conversation, seq=seq)
