"""The table of link preview images, and its queries."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Table,
    bindparam,
    delete,
    insert,
    select,
)

from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Transaction,
    metadata,
)

preview_images = Table(
    "preview_images",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Index(None, "conversation_id", "seq"),
)

# Runs with every change of a message, so it has to be cheap.
REMOVE = Prepared(
    delete(preview_images)
    .where(
        preview_images.c.conversation_id == bindparam("conversation"),
        preview_images.c.seq == bindparam("seq"),
    )
    .returning(preview_images.c.id)
)
FIND = Prepared(
    select(preview_images.c.conversation_id, preview_images.c.seq).where(
        preview_images.c.id == bindparam("image")
    )
)


class MessageId(NamedTuple):
    """Identifies the message that an image belongs to."""

    conversation: str
    seq: int


def add(transaction: Transaction, image_id: str, conversation: str, seq: int) -> None:
    """Add a stored image to a message."""
    transaction.execute(
        insert(preview_images).values(
            id=image_id, conversation_id=conversation, seq=seq, created_at=transaction.now
        )
    )


def find_message_of(snapshot: Snapshot, image_id: str) -> MessageId | None:
    """Return the message that an image belongs to, or None."""
    row = snapshot.first(FIND, image=image_id)
    return None if row is None else MessageId(*row)


def remove_of_message(transaction: Transaction, conversation: str, seq: int) -> list[str]:
    """Remove a message's images and return their ids."""
    return [row[0] for row in transaction.returning(REMOVE, conversation=conversation, seq=seq)]


def existing_ids(snapshot: Snapshot, ids: Collection[str]) -> set[str]:
    """Return which of these ids belong to an image."""
    statement = select(preview_images.c.id).where(preview_images.c.id.in_(ids))
    return set(snapshot.execute(statement).scalars())
