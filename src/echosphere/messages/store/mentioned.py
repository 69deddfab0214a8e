"""Mentions of users by name."""

from collections.abc import Iterable

from sqlalchemy import Select, bindparam, delete, insert, literal_column, select, true
from sqlalchemy.sql.elements import ColumnElement

from echosphere.database import Prepared, Transaction
from echosphere.messages.store.tables import mentions, messages


def mentions_user(user: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a message mentions a user by name or as one of all members."""
    # The first condition is cheap and excludes nearly all messages.
    return messages.c.mentions.is_not(None) & (
        (messages.c.mentions_all == true()) | mentions_user_by_name(user)
    )


def mentions_user_by_name(user: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a message mentions a user by name."""
    mention: Select[tuple[object]] = select(literal_column("1")).where(
        mentions.c.conversation_id == messages.c.conversation_id,
        mentions.c.seq == messages.c.seq,
        mentions.c.user_id == user,
    )
    return mention.correlate_except(mentions).exists()


INSERT_MENTION = Prepared(insert(mentions).values({c.name: bindparam(c.name) for c in mentions.c}))
DELETE_MENTIONS = Prepared(
    delete(mentions).where(
        mentions.c.conversation_id == bindparam("conversation"), mentions.c.seq == bindparam("seq")
    )
)


def set_mentions(
    transaction: Transaction, conversation: str, seq: int, user_ids: Iterable[str]
) -> None:
    """Insert the users whom a message mentions by name."""
    for user in sorted(user_ids):
        transaction.run(INSERT_MENTION, conversation_id=conversation, seq=seq, user_id=user)


def delete_mentions(transaction: Transaction, conversation: str, seq: int) -> None:
    """Delete the mentions of a message."""
    transaction.run(DELETE_MENTIONS, conversation=conversation, seq=seq)
