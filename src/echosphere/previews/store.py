"""The table of the pictures of previews, and its queries."""

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

# Run whenever something about a message changes, so it has to be cheap.
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


class Belongs(NamedTuple):
    """The message whose preview a picture belongs to."""

    conversation: str
    seq: int


def add(transaction: Transaction, image: str, conversation: str, seq: int) -> None:
    """Enter a picture that is stored."""
    transaction.execute(
        insert(preview_images).values(
            id=image, conversation_id=conversation, seq=seq, created_at=transaction.now
        )
    )


def find(snapshot: Snapshot, image: str) -> Belongs | None:
    """Return what a picture belongs to, or None."""
    row = snapshot.first(FIND, image=image)
    return None if row is None else Belongs(*row)


def remove_of_message(transaction: Transaction, conversation: str, seq: int) -> list[str]:
    """Remove the pictures of a message and return their ids."""
    return [row[0] for row in transaction.returning(REMOVE, conversation=conversation, seq=seq)]


def known_among(snapshot: Snapshot, ids: Collection[str]) -> set[str]:
    """Return which of these ids belong to a picture."""
    statement = select(preview_images.c.id).where(preview_images.c.id.in_(ids))
    return set(snapshot.execute(statement).scalars())
