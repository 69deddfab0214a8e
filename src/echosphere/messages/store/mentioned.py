"""Who is mentioned by name."""

from collections.abc import Iterable

from sqlalchemy import Select, bindparam, delete, insert, literal_column, select, true
from sqlalchemy.sql.elements import ColumnElement

from echosphere.database import Prepared, Transaction
from echosphere.messages.store.tables import mentions, messages


def mentions_person(user: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a message names a person, or everybody."""
    # The first part is cheap and says no to nearly all messages.
    return messages.c.mentions.is_not(None) & (
        (messages.c.mentions_all == true()) | names_person(user)
    )


def names_person(user: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a message names a person by name."""
    named: Select[tuple[object]] = select(literal_column("1")).where(
        mentions.c.conversation_id == messages.c.conversation_id,
        mentions.c.seq == messages.c.seq,
        mentions.c.user_id == user,
    )
    return named.correlate_except(mentions).exists()


INSERT_MENTION = Prepared(insert(mentions).values({c.name: bindparam(c.name) for c in mentions.c}))
DELETE_MENTIONS = Prepared(
    delete(mentions).where(
        mentions.c.conversation_id == bindparam("conversation"), mentions.c.seq == bindparam("seq")
    )
)


def set_mentions(
    transaction: Transaction, conversation: str, seq: int, people: Iterable[str]
) -> None:
    """Note whom a new message mentions by name."""
    for user in sorted(people):
        transaction.run(INSERT_MENTION, conversation_id=conversation, seq=seq, user_id=user)


def delete_mentions(transaction: Transaction, conversation: str, seq: int) -> None:
    """Forget whom a message mentions by name."""
    transaction.run(DELETE_MENTIONS, conversation=conversation, seq=seq)
