"""The table of avatars and its queries."""

from collections.abc import Collection

from sqlalchemy import Column, ForeignKey, Table, bindparam, delete, insert, select

from echosphere.avatars.avatar import Avatar
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Transaction,
    metadata,
)

avatars = Table(
    "avatars",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("user_id", ForeignKey("users.id"), index=True),
    Column("conversation_id", ForeignKey("conversations.id"), index=True),
    Column("created_at", Milliseconds, nullable=False),
)

FIND = Prepared(
    select(avatars.c.id, avatars.c.user_id, avatars.c.conversation_id).where(
        avatars.c.id == bindparam("avatar")
    )
)
INSERT = Prepared(insert(avatars).values({c.name: bindparam(c.name) for c in avatars.c}))
DELETE_OF_USER = Prepared(
    delete(avatars).where(avatars.c.user_id == bindparam("user")).returning(avatars.c.id)
)
DELETE_OF_CONVERSATION = Prepared(
    delete(avatars)
    .where(avatars.c.conversation_id == bindparam("conversation"))
    .returning(avatars.c.id)
)


def find(snapshot: Snapshot, avatar: str) -> Avatar | None:
    """Return an avatar, or None; the right to see it is not checked."""
    row = snapshot.first(FIND, avatar=avatar)
    return None if row is None else Avatar(*row)


def add(transaction: Transaction, avatar: Avatar) -> None:
    """Insert an avatar."""
    transaction.run(
        INSERT,
        id=avatar.id,
        user_id=avatar.user_id,
        conversation_id=avatar.conversation,
        created_at=transaction.now,
    )


def remove_of_user(transaction: Transaction, user_id: str) -> list[str]:
    """Delete a user's avatars and return their ids."""
    return [row[0] for row in transaction.returning(DELETE_OF_USER, user=user_id)]


def remove_of_conversation(transaction: Transaction, conversation: str) -> list[str]:
    """Delete a conversation's avatars and return their ids."""
    rows = transaction.returning(DELETE_OF_CONVERSATION, conversation=conversation)
    return [row[0] for row in rows]


def existing_ids(snapshot: Snapshot, ids: Collection[str]) -> set[str]:
    """Return those of these ids that exist."""
    statement = select(avatars.c.id).where(avatars.c.id.in_(ids))
    return set(snapshot.execute(statement).scalars())
