"""Finds long conversations, for administrators."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import false, func, select

from echosphere.conversations.store.tables import conversations, members
from echosphere.database import Snapshot


class ConversationLength(NamedTuple):
    """How long a conversation is; nothing of what it is about."""

    id: str
    kind: str
    messages: int
    changed_at: int
    members: int


def longest_conversations(
    snapshot: Snapshot, most: int, also: Sequence[str]
) -> list[ConversationLength]:
    """Return the conversations with the most messages, and these others."""
    present = (members.c.conversation_id == conversations.c.id, members.c.left == false())
    count = select(func.count()).where(*present).scalar_subquery()
    longest = select(conversations.c.id).order_by(conversations.c.last_seq.desc()).limit(most)
    ids = {*snapshot.execute(longest).scalars(), *also}
    found = select(
        conversations.c.id,
        conversations.c.kind,
        conversations.c.last_seq,
        conversations.c.changed_at,
        count,
    ).where(conversations.c.id.in_(ids))
    return [ConversationLength(*tuple(row)) for row in snapshot.execute(found)]
