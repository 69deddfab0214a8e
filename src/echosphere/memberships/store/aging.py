"""Queries for messages whose time is over, across conversations and messages; no tables."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Integer,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
)

from echosphere.conversations.store import conversations
from echosphere.core.clock import DAY
from echosphere.database import Prepared, Snapshot
from echosphere.messages import Message
from echosphere.messages.store import (
    MESSAGE,
    age_of,
    clock_shifts_of,
    held_messages,
    messages,
    to_message,
)

PAGE = 200
"""Conversations looked at in one query."""

LIMIT = bindparam("limit", type_=Integer)
EXPIRED = Prepared(
    select(messages.c.conversation_id, messages.c.seq)
    .where(
        text("expires_at > 0"),  # as the index says it, or SQLite would not use it
        messages.c.expires_at <= bindparam("now"),
    )
    .order_by(messages.c.expires_at)
    .limit(LIMIT)
)
_living = (
    messages.c.conversation_id == conversations.c.id,
    messages.c.seq > conversations.c.retained_seq,
    messages.c.deleted == false(),
    messages.c.system.is_(None),
)
_first = select(func.min(messages.c.seq)).where(*_living).correlate(conversations)
_server_days = bindparam("days", type_=Integer)
_days = case(
    (_server_days == literal_column("0"), conversations.c.retention_days),
    (conversations.c.retention_days == literal_column("0"), _server_days),
    (conversations.c.retention_days < _server_days, conversations.c.retention_days),
    else_=_server_days,
)
PAGE_OF_CONVERSATIONS = Prepared(
    select(conversations.c.id, _days, messages.c.id, messages.c.created_at)
    .outerjoin(
        messages,
        (messages.c.conversation_id == conversations.c.id)
        & (messages.c.seq == _first.scalar_subquery()),
    )
    .where(
        conversations.c.id > bindparam("after"),
        or_(
            conversations.c.retention_days > literal_column("0"), _server_days > literal_column("0")
        ),
    )
    .order_by(conversations.c.id)
    .limit(literal_column(str(PAGE)))
)
OLDEST = Prepared(
    select(messages.c.id, *MESSAGE)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .where(conversations.c.id == bindparam("conversation"), *_living)
    .order_by(messages.c.seq)
    .limit(LIMIT)
)


AGED_HELD = Prepared(
    select(held_messages.c.conversation_id, _days)
    .join(conversations, conversations.c.id == held_messages.c.conversation_id)
    .where(
        or_(
            held_messages.c.expires_at <= bindparam("now"),
            (_days > literal_column("0"))
            & (
                held_messages.c.created_at + cast(_days, BigInteger) * literal_column(str(DAY))
                <= bindparam("now")
            ),
        )
    )
    .distinct()
)


class ConversationsWithOld(NamedTuple):
    """Conversations with messages that are kept no longer.

    Attributes:
        due: Their ids.
        last: After which id to go on; None at the end.
    """

    due: Sequence[str]
    last: str | None


def expired_messages(snapshot: Snapshot, limit: int) -> list[tuple[str, int]]:
    """Return messages that were to disappear by now, the earliest first."""
    rows = snapshot.all(EXPIRED, now=snapshot.now, limit=limit)
    return [(conversation, seq) for conversation, seq in rows]


def conversations_with_aged_held(snapshot: Snapshot, server_days: int) -> list[tuple[str, int]]:
    """Return groups where something waits longer than messages are kept, and how many days that is."""
    rows = snapshot.all(AGED_HELD, now=snapshot.now, days=server_days)
    return [(conversation, days) for conversation, days in rows]


def conversations_with_expired_messages(
    snapshot: Snapshot, after: str, server_days: int
) -> ConversationsWithOld | None:
    """Return those of the next conversations whose first message is kept no longer."""
    rows = snapshot.all(PAGE_OF_CONVERSATIONS, after=after, days=server_days)
    if not rows:
        return None
    shifts = clock_shifts_of(snapshot)
    due = [
        conversation
        for conversation, days, first, created_at in rows
        if first is not None and age_of(first, created_at, shifts, snapshot.now) >= days * DAY
    ]
    return ConversationsWithOld(due, rows[-1][0] if len(rows) == PAGE else None)


def oldest_messages(snapshot: Snapshot, conversation: str, limit: int) -> list[tuple[Message, int]]:
    """Return the first messages that retention has not deleted, with their ages in milliseconds."""
    shifts = clock_shifts_of(snapshot)
    rows = snapshot.all(OLDEST, conversation=conversation, limit=limit)
    found = [(number, to_message(tuple(row))) for number, *row in rows]
    return [
        (message, age_of(number, message.created_at, shifts, snapshot.now))
        for number, message in found
    ]
