"""The state of members that decides about notifications, from other features' tables."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, false, select

from echosphere.conversations.store import conversations, members, sees_after
from echosphere.database import Snapshot
from echosphere.messages.store import hidden_messages, mentions
from echosphere.notifications.store.tables import push_subscriptions

MAX_RECIPIENTS = 1_000


class MemberState(msgspec.Struct, frozen=True):
    """A member's state with respect to one message.

    Attributes:
        notify: Their setting for this conversation; `default` for their general one.
        hidden: Whether they hid the message.
    """

    user: str
    read_seq: int
    muted: bool
    muted_until: int | None
    notify: str
    mentioned: bool
    hidden: bool


def subscribed_members(
    snapshot: Snapshot,
    conversation: str,
    seq: int,
    author: str,
    only: Collection[str] | None = None,
) -> list[MemberState]:
    """Return the members with a subscription, without the author; all, or only some."""
    subscribed = select(push_subscriptions.c.user_id)
    statement = _member_states(conversation, seq).where(
        members.c.user_id != author, members.c.user_id.in_(subscribed)
    )
    if only is not None:
        statement = statement.where(members.c.user_id.in_(only))
    rows = snapshot.execute(statement.order_by(members.c.user_id).limit(MAX_RECIPIENTS))
    return [_member_state(row) for row in rows]


def find_member_state(
    snapshot: Snapshot, conversation: str, seq: int, user: str
) -> MemberState | None:
    """Return one member, or None if the user is not one."""
    statement = _member_states(conversation, seq).where(members.c.user_id == user)
    row = snapshot.execute(statement).first()
    return None if row is None else _member_state(row)


def kind_and_title_of(snapshot: Snapshot, conversation: str) -> tuple[bool, str | None]:
    """Return whether a conversation is direct, and its title or None."""
    statement = select(conversations.c.kind, conversations.c.title)
    row = snapshot.execute(statement.where(conversations.c.id == conversation)).one()
    return row.kind == "direct", row.title


def _member_states(conversation: str, seq: int) -> Select[Any]:
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


def _member_state(row: Row[Any]) -> MemberState:
    return MemberState(
        user=row.user_id,
        read_seq=row.read_seq,
        muted=bool(row.muted),
        muted_until=row.muted_until,
        notify=row.notify,
        mentioned=bool(row.mentioned),
        hidden=bool(row.hidden),
    )
