"""Queries across conversations and messages for one person; it has no tables of its own."""

from sqlalchemy import Select, and_, bindparam, false, func, select
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations.store import (
    CONVERSATION,
    OWN,
    conversations,
    members,
    to_conversation,
    to_own_fields,
)
from echosphere.database import Prepared, Row, Snapshot
from echosphere.inbox.entry import Entry
from echosphere.messages.store import MESSAGE, messages, to_message

_FIRST_OWN = len(CONVERSATION) + 1
_UNREAD = _FIRST_OWN + len(OWN)
_FIRST_MESSAGE = _UNREAD + 1


def _unread() -> ColumnElement[int]:
    """Counted anew each time: a counter that is kept would be wrong one day."""
    return (
        select(func.count())
        .select_from(messages)
        .where(
            messages.c.conversation_id == members.c.conversation_id,
            messages.c.seq > members.c.read_seq,
            messages.c.seq > members.c.joined_seq,
            messages.c.author_id != members.c.user_id,
            messages.c.deleted == false(),
            messages.c.system.is_(None),
        )
        .correlate(members)
        .scalar_subquery()
    )


def _entries() -> Select[tuple[object, ...]]:
    last = and_(
        messages.c.conversation_id == conversations.c.id,
        messages.c.seq == conversations.c.last_seq,
        messages.c.seq > members.c.joined_seq,
    )
    return (
        select(*CONVERSATION, members.c.joined_seq, *OWN, _unread(), *MESSAGE)
        .select_from(members)
        .join(conversations, members.c.conversation_id == conversations.c.id)
        .outerjoin(messages, last)
        .where(members.c.user_id == bindparam("viewer"), members.c.left == false())
    )


ENTRIES = Prepared(_entries())
ENTRY = Prepared(_entries().where(conversations.c.id == bindparam("conversation")))
VERSIONS = Prepared(
    select(conversations.c.id, conversations.c.version)
    .join(members, members.c.conversation_id == conversations.c.id)
    .where(members.c.user_id == bindparam("viewer"), members.c.left == false())
    .order_by(conversations.c.changed_at.desc(), conversations.c.id)
)


def entries_of(snapshot: Snapshot, viewer: str) -> list[Entry]:
    """Return all conversations of a person."""
    return [_to_entry(row) for row in snapshot.all(ENTRIES, viewer=viewer)]


def find_entry(snapshot: Snapshot, viewer: str, conversation: str) -> Entry | None:
    """Return one conversation as this person has it, or None."""
    row = snapshot.first(ENTRY, viewer=viewer, conversation=conversation)
    return None if row is None else _to_entry(row)


def versions_of(snapshot: Snapshot, viewer: str) -> dict[str, int]:
    """Return the current version of each conversation of a person, last changed first."""
    return dict(snapshot.all(VERSIONS, viewer=viewer))


def _to_entry(row: Row) -> Entry:
    message = row[_FIRST_MESSAGE:]
    return Entry(
        conversation=to_conversation(row),
        joined_seq=row[_FIRST_OWN - 1],
        own=to_own_fields(row[_FIRST_OWN:_UNREAD]),
        unread=row[_UNREAD],
        mentions=0,
        last_message=None if message[0] is None else to_message(message),
    )
