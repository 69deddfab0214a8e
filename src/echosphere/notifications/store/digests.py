"""Queries for the digest: unread messages of others."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select

from echosphere.conversations.store import conversations, members, sees_after
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import Message
from echosphere.messages.store import MESSAGE, mentions_user, messages, not_hidden_by, to_message
from echosphere.notifications.decide import NotifyLevel, Outcome
from echosphere.notifications.store.notices import put_notices
from echosphere.notifications.store.tables import notices

EMAILED = (Outcome.DIGEST.value, Outcome.UNDELIVERABLE.value)


def users_with_unread(snapshot: Snapshot, since: int) -> list[str]:
    """Return the ids of users with an unread conversation that changed after a time."""
    statement = (
        select(members.c.user_id)
        .join(conversations, conversations.c.id == members.c.conversation_id)
        .where(
            members.c.left == false(),
            conversations.c.last_seq > members.c.read_seq,
            conversations.c.last_seq > sees_after(),
            conversations.c.changed_at > since,
        )
        .distinct()
    )
    return list(snapshot.execute(statement.order_by(members.c.user_id)).scalars())


def missed_messages(
    snapshot: Snapshot, user: str, since: int, limit: int, default_level: NotifyLevel
) -> list[Message]:
    """Return messages of others after a time that are unread and were in no digest.

    Messages that the user wants no notifications of are left out in the query; otherwise a busy
    muted group could use up the limit.

    Args:
        snapshot: The state to read.
        user: The user id.
        since: Milliseconds since 1970 UTC.
        limit: How many messages, oldest first.
        default_level: The user's setting where a conversation has none.
    """
    emailed = exists().where(
        notices.c.user_id == user,
        notices.c.conversation_id == messages.c.conversation_id,
        notices.c.seq == messages.c.seq,
        notices.c.outcome.in_(EMAILED),
    )
    statement = (
        select(*MESSAGE)
        .join(members, members.c.conversation_id == messages.c.conversation_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            members.c.user_id == user,
            members.c.left == false(),
            *_wanted(user, snapshot.now, default_level),
            messages.c.seq > members.c.read_seq,
            messages.c.seq > sees_after(),
            messages.c.author_id != user,
            messages.c.deleted == false(),
            messages.c.system.is_(None),
            messages.c.created_at > since,
            or_(messages.c.expires_at.is_(None), messages.c.expires_at > snapshot.now),
            ~emailed,
        )
        .order_by(messages.c.created_at, messages.c.conversation_id, messages.c.seq)
        .limit(limit)
    )
    return [to_message(tuple(row)) for row in snapshot.execute(statement)]


def _wanted(user: str, now: int, default_level: NotifyLevel) -> tuple[ColumnElement[bool], ...]:
    def has_level(level: NotifyLevel) -> ColumnElement[bool]:
        return or_(
            members.c.notify == level,
            and_(members.c.notify == "default", literal(default_level) == level),
        )

    not_muted = or_(members.c.muted == false(), members.c.muted_until <= now)
    directed = or_(conversations.c.kind == "direct", mentions_user(literal(user)))
    return (
        not_muted,
        ~has_level("none"),
        or_(~has_level("mentions"), directed),
        not_hidden_by(literal(user)),
    )


def last_digest_of(snapshot: Snapshot, user: str) -> int | None:
    """Return the time of a user's last digest, or None."""
    statement = select(func.max(notices.c.created_at)).where(
        notices.c.user_id == user, notices.c.outcome.in_(EMAILED)
    )
    found: int | None = snapshot.execute(statement).scalar()
    return found


class PutDigestNotices(Command[None]):
    """Store the notices of the messages of a digest, by conversation."""

    user: str
    emailed: Mapping[str, Sequence[int]]
    outcome: Outcome

    def run(self, transaction: Transaction) -> None:
        """Store them."""
        for conversation, seqs in self.emailed.items():
            for seq in seqs:
                put_notices(transaction, conversation, seq, [(self.user, self.outcome)])
