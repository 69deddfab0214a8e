"""Queries of what changed lately in any conversation."""

from sqlalchemy import bindparam, func, literal_column, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations.store import conversations
from echosphere.database import Prepared, Row, Snapshot
from echosphere.messages.store import messages

MAX_MESSAGES = 50_000
"""How many messages are looked at together; the rest comes next."""

_ZERO: ColumnElement[int] = literal_column("0")
LAST_ID = Prepared(select(func.coalesce(func.max(messages.c.id), _ZERO)))
LAST_CHANGE = Prepared(
    select(func.coalesce(func.max(conversations.c.change_number), _ZERO)).where(
        conversations.c.change_number > _ZERO
    )
)
# The limit keeps a database from reading all messages in the order of their conversations instead.
_new = (
    select(messages.c.conversation_id, messages.c.id)
    .where(messages.c.id > bindparam("message"))
    .order_by(messages.c.id)
    .limit(literal_column(str(MAX_MESSAGES)))
    .subquery("new_messages")
)
_posted = select(
    _new.c.conversation_id.label("id"),
    func.max(_new.c.id).label("message"),
    _ZERO.label("change"),
).group_by(_new.c.conversation_id)
_otherwise = select(conversations.c.id, _ZERO, conversations.c.change_number).where(
    conversations.c.change_number > bindparam("change"),
    conversations.c.change_number > _ZERO,  # so that the index is used
)
_recent = union_all(_posted, _otherwise).subquery("recently_changed")
CHANGES = Prepared(
    select(
        _recent.c.message,
        _recent.c.change,
        conversations.c.id,
        conversations.c.version,
        conversations.c.members_version,
    ).join(conversations, conversations.c.id == _recent.c.id)
)


def latest_changes(snapshot: Snapshot) -> tuple[int, int]:
    """Return the highest id of a message, and the highest change number of a conversation."""
    return int(snapshot.all(LAST_ID)[0][0]), int(snapshot.all(LAST_CHANGE)[0][0])


def changes_after(snapshot: Snapshot, message: int, change: int) -> list[Row]:
    """Return what changed after these: message, change number, id, version, members version.

    A conversation with messages and other changes comes twice.
    """
    return snapshot.all(CHANGES, message=message, change=change)
