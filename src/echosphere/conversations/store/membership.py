"""Who is a member, and since when."""

from collections.abc import Iterable

from sqlalchemy import Select, bindparam, false, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations.conversation import Member
from echosphere.conversations.store.rows import (
    MEMBER,
    SAME_CONVERSATION,
    THIS_MEMBER,
    sees_after,
    to_member,
)
from echosphere.conversations.store.tables import conversations, members
from echosphere.database import Prepared, Snapshot, among, listed

FIND_MEMBER = Prepared(select(*MEMBER).where(THIS_MEMBER))
UNSIGHTED = Prepared(
    select(members.c.user_id).where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        sees_after() >= bindparam("seq"),
    )
)
COUNT_PRESENT = Prepared(
    select(func.count()).where(
        members.c.conversation_id == bindparam("conversation"), members.c.left == false()
    )
)
MEMBERS = Prepared(
    select(*MEMBER)
    .where(members.c.conversation_id == bindparam("conversation"))
    .order_by(members.c.joined_seq, members.c.user_id)
)
MEMBERS_CHANGED = Prepared(
    select(*MEMBER)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.version > bindparam("version"),
    )
    .order_by(members.c.version, members.c.user_id)
)
AUDIENCE = Prepared(
    select(conversations.c.members_version, members.c.user_id)
    .join(members, SAME_CONVERSATION)
    .where(conversations.c.id == bindparam("conversation"), members.c.left == false())
)
_of_mine, _of_others = members.alias("of_mine"), members.alias("of_others")
MEMBERS_OF_MY_DIRECT = Prepared(
    select(*MEMBER)
    .join(conversations, SAME_CONVERSATION)
    .join(_of_mine, _of_mine.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.kind == literal_column("'direct'"),
        _of_mine.c.user_id == bindparam("viewer"),
        _of_mine.c.left == false(),
    )
)
# By when they joined alone: that somebody cleared it for themselves is nobody else's business.
JOINED_BEFORE = Prepared(
    select(*MEMBER)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        members.c.joined_seq < bindparam("seq"),
        members.c.joined_at <= bindparam("moment"),
    )
    .order_by(members.c.joined_seq, members.c.user_id)
)
PRESENT_WITH = Prepared(
    select(_of_others.c.user_id)
    .join(_of_mine, _of_mine.c.conversation_id == _of_others.c.conversation_id)
    .where(
        _of_mine.c.user_id == bindparam("person"),
        _of_mine.c.left == false(),
        _of_others.c.left == false(),
        among(_of_others.c.user_id, "others"),
    )
    .distinct()
)


def in_time_of(
    user: ColumnElement[str], conversation: ColumnElement[str], seq: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return the condition that a person is a member now, and sees messages of that number."""
    membership: Select[tuple[object]] = select(literal_column("1")).where(
        members.c.conversation_id == conversation,
        members.c.user_id == user,
        members.c.left == false(),
        sees_after() < seq,
    )
    return membership.correlate_except(members).exists()


def members_of(snapshot: Snapshot, conversation: str, since: int = 0) -> list[Member]:
    """Return the members, those who left included, that changed after a version."""
    if since:
        rows = snapshot.all(MEMBERS_CHANGED, conversation=conversation, version=since)
    else:
        rows = snapshot.all(MEMBERS, conversation=conversation)
    return [to_member(row) for row in rows]


def members_of_direct_conversations(snapshot: Snapshot, viewer: str) -> dict[str, list[Member]]:
    """Return both members of each direct conversation of a person."""
    found: dict[str, list[Member]] = {}
    for row in snapshot.all(MEMBERS_OF_MY_DIRECT, viewer=viewer):
        found.setdefault(row[0], []).append(to_member(row))
    return found


def audience_of(snapshot: Snapshot, conversation: str) -> tuple[int, frozenset[str]]:
    """Return `members_version` and the people who are members at it."""
    rows = snapshot.all(AUDIENCE, conversation=conversation)
    return (rows[0][0] if rows else 0), frozenset(row[1] for row in rows)


def joined_before(snapshot: Snapshot, conversation: str, seq: int, moment: int) -> list[Member]:
    """Return the present members who were there when a message was posted."""
    rows = snapshot.all(JOINED_BEFORE, conversation=conversation, seq=seq, moment=moment)
    return [to_member(row) for row in rows]


def present_with(snapshot: Snapshot, person: str, others: Iterable[str]) -> set[str]:
    """Return those of these people who are members of a conversation in which a person is, too."""
    rows = snapshot.all(PRESENT_WITH, person=person, others=listed(others))
    return {user for (user,) in rows}


def find_member(snapshot: Snapshot, conversation: str, user: str) -> Member | None:
    """Return a person's part in a conversation, also after they left, or None."""
    row = snapshot.first(FIND_MEMBER, conversation=conversation, user=user)
    return None if row is None else to_member(row)


def unsighted(snapshot: Snapshot, conversation: str, seq: int) -> frozenset[str]:
    """Return the present members whom a message is not shown.

    It was before their time, or they cleared it for themselves.
    """
    rows = snapshot.all(UNSIGHTED, conversation=conversation, seq=seq)
    return frozenset(user for (user,) in rows)


def count_present(snapshot: Snapshot, conversation: str) -> int:
    """Return how many members a conversation has now."""
    return int(snapshot.all(COUNT_PRESENT, conversation=conversation)[0][0])
