"""Queries of members."""

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
from echosphere.database import Prepared, Snapshot, as_list, in_list

FIND_MEMBER = Prepared(select(*MEMBER).where(THIS_MEMBER))
SEES_AFTER = Prepared(select(sees_after()).where(THIS_MEMBER))
WITHOUT_SIGHT = Prepared(
    select(members.c.user_id).where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        sees_after() >= bindparam("seq"),
    )
)
COUNT_MEMBERS = Prepared(
    select(func.count()).where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        members.c.bot == false(),
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
# Only joining counts: that a member cleared the message for themselves is private.
MEMBERS_AT_MESSAGE = Prepared(
    select(*MEMBER)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        members.c.bot == false(),
        members.c.joined_seq < bindparam("seq"),
        members.c.joined_at <= bindparam("moment"),
    )
    .order_by(members.c.joined_seq, members.c.user_id)
)
FELLOW_MEMBERS = Prepared(
    select(_of_others.c.user_id)
    .join(_of_mine, _of_mine.c.conversation_id == _of_others.c.conversation_id)
    .where(
        _of_mine.c.user_id == bindparam("person"),
        _of_mine.c.left == false(),
        _of_others.c.left == false(),
        in_list(_of_others.c.user_id, "others"),
    )
    .distinct()
)

IDS_AFTER = Prepared(
    select(conversations.c.id)
    .where(conversations.c.id > bindparam("after"))
    .order_by(conversations.c.id)
    .limit(bindparam("limit"))
)
KNOWN_TO = Prepared(
    select(members.c.conversation_id)
    .where(members.c.user_id == bindparam("user"))
    .order_by(members.c.conversation_id)
)


def is_visible_to_member(
    user: ColumnElement[str], conversation: ColumnElement[str], seq: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return the condition that a user is a present member and sees the message with this seq."""
    membership: Select[tuple[object]] = select(literal_column("1")).where(
        members.c.conversation_id == conversation,
        members.c.user_id == user,
        members.c.left == false(),
        sees_after() < seq,
    )
    return membership.correlate_except(members).exists()


def find_sees_after(snapshot: Snapshot, conversation: str, user: str) -> int | None:
    """Return the seq above which a present or former member sees messages, or None."""
    row = snapshot.first(SEES_AFTER, conversation=conversation, user=user)
    return None if row is None else int(row[0])


def members_of(snapshot: Snapshot, conversation: str, since: int = 0) -> list[Member]:
    """Return the present and former members that changed after a version."""
    if since:
        rows = snapshot.all(MEMBERS_CHANGED, conversation=conversation, version=since)
    else:
        rows = snapshot.all(MEMBERS, conversation=conversation)
    return [to_member(row) for row in rows]


def members_of_direct_conversations(snapshot: Snapshot, viewer: str) -> dict[str, list[Member]]:
    """Return both members of each direct conversation of the viewer, by conversation."""
    found: dict[str, list[Member]] = {}
    for row in snapshot.all(MEMBERS_OF_MY_DIRECT, viewer=viewer):
        found.setdefault(row[0], []).append(to_member(row))
    return found


def audience_of(snapshot: Snapshot, conversation: str) -> tuple[int, frozenset[str]]:
    """Return `members_version` and the ids of the present members."""
    rows = snapshot.all(AUDIENCE, conversation=conversation)
    return (rows[0][0] if rows else 0), frozenset(row[1] for row in rows)


def members_at_message(
    snapshot: Snapshot, conversation: str, seq: int, moment: int
) -> list[Member]:
    """Return the present members who were members when a message was posted, without bots."""
    rows = snapshot.all(MEMBERS_AT_MESSAGE, conversation=conversation, seq=seq, moment=moment)
    return [to_member(row) for row in rows]


def filter_fellow_members(snapshot: Snapshot, user_id: str, others: Iterable[str]) -> set[str]:
    """Return those of these users who are members of one of the user's conversations."""
    rows = snapshot.all(FELLOW_MEMBERS, person=user_id, others=as_list(others))
    return {user for (user,) in rows}


def find_member(snapshot: Snapshot, conversation: str, user: str) -> Member | None:
    """Return a present or former member, or None."""
    row = snapshot.first(FIND_MEMBER, conversation=conversation, user=user)
    return None if row is None else to_member(row)


def members_without_sight(snapshot: Snapshot, conversation: str, seq: int) -> frozenset[str]:
    """Return the ids of the present members who do not see a message.

    They joined after it, or cleared it for themselves.
    """
    rows = snapshot.all(WITHOUT_SIGHT, conversation=conversation, seq=seq)
    return frozenset(user for (user,) in rows)


def count_members(snapshot: Snapshot, conversation: str) -> int:
    """Return the number of present members, without bots."""
    return int(snapshot.all(COUNT_MEMBERS, conversation=conversation)[0][0])


def groups_run_by(snapshot: Snapshot, user_id: str) -> list[tuple[str, str]]:
    """Return id and title of the groups of which a user is owner or admin."""
    run = (members.c.user_id == user_id, members.c.role != "member", members.c.left.is_(False))
    joined = members.join(conversations, conversations.c.id == members.c.conversation_id)
    found = select(conversations.c.id, conversations.c.title).select_from(joined)
    groups = found.where(*run, conversations.c.kind == "group").order_by(conversations.c.id)
    return [(group, title or "") for group, title in map(tuple, snapshot.execute(groups))]


def conversation_ids_after(snapshot: Snapshot, after: str, limit: int) -> list[str]:
    """Return the first ids of conversations after one, of all that there are."""
    return [row[0] for row in snapshot.all(IDS_AFTER, after=after, limit=limit)]


def conversations_known_to(snapshot: Snapshot, user_id: str) -> list[str]:
    """Return the ids of the conversations that a user is or was a member of, or an author in."""
    return [row[0] for row in snapshot.all(KNOWN_TO, user=user_id)]
