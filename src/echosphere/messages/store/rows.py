"""What all queries of messages share: the row, and who sees it."""

from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy import FromClause, Integer, Select, bindparam, false, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations import Access
from echosphere.database import Row
from echosphere.messages.message import Message
from echosphere.messages.store.tables import hidden_messages, messages

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
    messages.c.forwarded,
    messages.c.mentions,
    messages.c.mentions_all,
    messages.c.reactions,
    messages.c.pinned_at,
    messages.c.pinned_by,
    messages.c.preview,
)


def shown_to(user: ColumnElement[str], of: FromClause = messages) -> ColumnElement[bool]:
    """Return the condition that a person did not delete a message for themselves.

    Args:
        user: The person's id: a column or a parameter of the query.
        of: Where the query has `conversation_id` and `seq` of the message from.
    """
    hidden: Select[tuple[object]] = select(literal_column("1")).where(
        hidden_messages.c.user_id == user,
        hidden_messages.c.conversation_id == of.c.conversation_id,
        hidden_messages.c.seq == of.c.seq,
        hidden_messages.c.restored == false(),
    )
    return ~hidden.correlate_except(hidden_messages).exists()


HERE = messages.c.conversation_id == bindparam("conversation")
VISIBLE = (messages.c.seq > bindparam("sees_after")) & shown_to(bindparam("viewer"))
LIMIT = bindparam("limit", type_=Integer)


def seen_by(access: Access) -> dict[str, object]:
    """Return the parameters of `HERE` and `VISIBLE` for this member."""
    return seen_by_member(access.conversation.id, access.viewer, access.sees_after)


def seen_by_member(conversation: str, viewer: str, sees_after: int) -> dict[str, object]:
    """Return the parameters of `HERE` and `VISIBLE` for who need not be a member any more."""
    return {"conversation": conversation, "sees_after": sees_after, "viewer": viewer}


def to_messages(rows: Iterable[Row]) -> list[Message]:
    """Return the messages of rows."""
    return list(map(to_message, rows))


to_message: Callable[[Row], Message] = partial(tuple.__new__, Message)
"""Returns the message of a row; as `Message._make` does, which also counts the fields."""
