"""What all queries of messages share: the columns, and the conditions of visibility."""

from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy import FromClause, Integer, Select, bindparam, false, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations import Access, is_addressed_to
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
    messages.c.expires_at,
    messages.c.automated,
    messages.c.parts,
)


def not_hidden_by(user: ColumnElement[str], of: FromClause = messages) -> ColumnElement[bool]:
    """Return the condition that a user did not hide a message.

    Args:
        user: The user's id: a column or a parameter of the query.
        of: The table with `conversation_id` and `seq` of the message.
    """
    hidden: Select[tuple[object]] = select(literal_column("1")).where(
        hidden_messages.c.user_id == user,
        hidden_messages.c.conversation_id == of.c.conversation_id,
        hidden_messages.c.seq == of.c.seq,
        hidden_messages.c.restored == false(),
    )
    return ~hidden.correlate_except(hidden_messages).exists()


IN_CONVERSATION = messages.c.conversation_id == bindparam("conversation")
VISIBLE = (messages.c.seq > bindparam("sees_after")) & not_hidden_by(bindparam("viewer"))
IS_ADDRESSED = is_addressed_to(bindparam("viewer"), messages.c.conversation_id, messages.c.seq)
"""In place of `VISIBLE`, for a bot that sees only what is meant for it."""

NOT_AGED = messages.c.expires_at.is_(None) | (messages.c.expires_at != literal_column("0"))
"""The emptied row of a message whose time was over is sent to clients that held it, and not shown."""

LIMIT = bindparam("limit", type_=Integer)


def access_parameters(access: Access) -> dict[str, object]:
    """Return the parameters of `IN_CONVERSATION` and `VISIBLE` for this member."""
    return member_parameters(access.conversation.id, access.viewer, access.sees_after)


def member_parameters(conversation: str, viewer: str, sees_after: int) -> dict[str, object]:
    """Return the parameters of `IN_CONVERSATION` and `VISIBLE` for a current or former member."""
    return {"conversation": conversation, "sees_after": sees_after, "viewer": viewer}


def to_messages(rows: Iterable[Row]) -> list[Message]:
    """Return the messages of rows."""
    return list(map(to_message, rows))


to_message: Callable[[Row], Message] = partial(tuple.__new__, Message)
"""Returns the message of a row; as `Message._make` does, which also counts the fields."""
