"""What is told by mail: what others wrote and was not read."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select

from echosphere.conversations.store import conversations, members, sees_after
from echosphere.database import Snapshot, Transaction
from echosphere.messages import Message
from echosphere.messages.store import MESSAGE, mentions_person, messages, shown_to, to_message
from echosphere.notifications.decide import Outcome, Wish
from echosphere.notifications.store.decided import put_notices
from echosphere.notifications.store.tables import notices

MAILED = (Outcome.DIGEST.value, Outcome.UNDELIVERABLE.value)


def people_with_unread(snapshot: Snapshot, since: int) -> list[str]:
    """Return who has a conversation that changed after a time and was not read to its end."""
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


def unread_of(
    snapshot: Snapshot, user: str, since: int, most: int, everywhere: Wish
) -> list[Message]:
    """Return what others wrote to a person after a time and was neither read nor in a digest.

    What the person does not want to be told of is left out, or a lively group that they muted
    would be all that is found.

    Args:
        snapshot: The state to read.
        user: Who.
        since: Milliseconds.
        most: So many messages, the oldest ones.
        everywhere: What the person wants where they chose nothing else.
    """
    told = exists().where(
        notices.c.user_id == user,
        notices.c.conversation_id == messages.c.conversation_id,
        notices.c.seq == messages.c.seq,
        notices.c.outcome.in_(MAILED),
    )
    statement = (
        select(*MESSAGE)
        .join(members, members.c.conversation_id == messages.c.conversation_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            members.c.user_id == user,
            members.c.left == false(),
            *_wanted(user, snapshot.now, everywhere),
            messages.c.seq > members.c.read_seq,
            messages.c.seq > sees_after(),
            messages.c.author_id != user,
            messages.c.deleted == false(),
            messages.c.system.is_(None),
            messages.c.created_at > since,
            ~told,
        )
        .order_by(messages.c.created_at, messages.c.conversation_id, messages.c.seq)
        .limit(most)
    )
    return [to_message(tuple(row)) for row in snapshot.execute(statement)]


def _wanted(user: str, now: int, everywhere: Wish) -> tuple[ColumnElement[bool], ...]:
    def wishes(wish: Wish) -> ColumnElement[bool]:
        return or_(
            members.c.notify == wish,
            and_(members.c.notify == "default", literal(everywhere) == wish),
        )

    heard = or_(members.c.muted == false(), members.c.muted_until <= now)
    meant = or_(conversations.c.kind == "direct", mentions_person(literal(user)))
    return heard, ~wishes("none"), or_(~wishes("mentions"), meant), shown_to(literal(user))


def last_digest_of(snapshot: Snapshot, user: str) -> int | None:
    """Return when a person was sent a digest last."""
    statement = select(func.max(notices.c.created_at)).where(
        notices.c.user_id == user, notices.c.outcome.in_(MAILED)
    )
    found: int | None = snapshot.execute(statement).scalar()
    return found


def put_digest_notices(
    transaction: Transaction, user: str, told: Mapping[str, Sequence[int]], outcome: Outcome
) -> None:
    """Note of which messages, by conversation, a person was told by mail."""
    for conversation, seqs in told.items():
        for seq in seqs:
            put_notices(transaction, conversation, seq, [(user, outcome)])
