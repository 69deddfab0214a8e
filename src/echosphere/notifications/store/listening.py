"""What decides whether a member is told: read from the tables of other features."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, false, select

from echosphere.conversations.store import conversations, members, sees_after
from echosphere.database import Snapshot
from echosphere.messages.store import hidden_messages, mentions
from echosphere.notifications.store.tables import push_subscriptions

CONCERNED_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Listener:
    """What the database knows of one member that matters for one message.

    Attributes:
        notify: What the member wants for this conversation; `default` for what they want
            everywhere.
        hidden: Whether they deleted the message for themselves.
    """

    user: str
    read_seq: int
    muted: bool
    muted_until: int | None
    notify: str
    mentioned: bool
    hidden: bool


def listeners(
    snapshot: Snapshot,
    conversation: str,
    seq: int,
    author: str,
    among: Collection[str] | None = None,
) -> list[Listener]:
    """Return the members other than the author who have a subscription; all, or those of some."""
    subscribed = select(push_subscriptions.c.user_id)
    statement = _concerned(conversation, seq).where(
        members.c.user_id != author, members.c.user_id.in_(subscribed)
    )
    if among is not None:
        statement = statement.where(members.c.user_id.in_(among))
    rows = snapshot.execute(statement.order_by(members.c.user_id).limit(CONCERNED_AT_MOST))
    return [_listener(row) for row in rows]


def find_listener(snapshot: Snapshot, conversation: str, seq: int, user: str) -> Listener | None:
    """Return one member, or None if the person is none."""
    statement = _concerned(conversation, seq).where(members.c.user_id == user)
    row = snapshot.execute(statement).first()
    return None if row is None else _listener(row)


def title_of(snapshot: Snapshot, conversation: str) -> tuple[bool, str | None]:
    """Return whether a conversation is direct, and its title."""
    statement = select(conversations.c.kind, conversations.c.title)
    row = snapshot.execute(statement.where(conversations.c.id == conversation)).one()
    return row.kind == "direct", row.title


def _concerned(conversation: str, seq: int) -> Select[Any]:
    mentioned = and_(
        mentions.c.conversation_id == members.c.conversation_id,
        mentions.c.user_id == members.c.user_id,
        mentions.c.seq == seq,
    )
    hidden = and_(
        hidden_messages.c.conversation_id == members.c.conversation_id,
        hidden_messages.c.user_id == members.c.user_id,
        hidden_messages.c.seq == seq,
        hidden_messages.c.restored == false(),
    )
    return (
        select(
            members.c.user_id,
            members.c.read_seq,
            members.c.muted,
            members.c.muted_until,
            members.c.notify,
            mentions.c.seq.is_not(None).label("mentioned"),
            hidden_messages.c.seq.is_not(None).label("hidden"),
        )
        .select_from(members)
        .outerjoin(mentions, mentioned)
        .outerjoin(hidden_messages, hidden)
        .where(
            members.c.conversation_id == conversation,
            members.c.left == false(),
            sees_after() < seq,
        )
    )


def _listener(row: Row[Any]) -> Listener:
    return Listener(
        user=row.user_id,
        read_seq=row.read_seq,
        muted=bool(row.muted),
        muted_until=row.muted_until,
        notify=row.notify,
        mentioned=bool(row.mentioned),
        hidden=bool(row.hidden),
    )
