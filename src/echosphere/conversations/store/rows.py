"""What all queries of conversations share: the rows, and how they are read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Case, FromClause, bindparam, case, false
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations.conversation import (
    Conversation,
    History,
    Kind,
    Member,
    MemberScope,
    MemberSettings,
    Notify,
    Role,
)
from echosphere.conversations.store.tables import conversations, members
from echosphere.database import Row

KINDS = {kind.value: kind for kind in Kind}
ROLES = {role.value: role for role in Role}
HISTORIES = {history.value: history for history in History}
SCOPES = {scope.value: scope for scope in MemberScope}
NOTIFIES = {notify.value: notify for notify in Notify}

CONVERSATION = (
    conversations.c.id,
    conversations.c.kind,
    conversations.c.title,
    conversations.c.avatar,
    conversations.c.version,
    conversations.c.members_version,
    conversations.c.last_seq,
    conversations.c.created_at,
    conversations.c.history,
    conversations.c.description,
    conversations.c.posting,
    conversations.c.reacting,
    conversations.c.slow_seconds,
    conversations.c.retention_days,
    conversations.c.expire_seconds,
    conversations.c.filter_words,
    conversations.c.bots,
)
MEMBER = (
    members.c.conversation_id,
    members.c.user_id,
    members.c.role,
    members.c.left,
    members.c.version,
    members.c.joined_seq,
    members.c.read_seq,
    members.c.delivered_seq,
    members.c.seen_seq,
    members.c.bot,
)
MEMBER_SETTINGS = (
    members.c.read_seq,
    members.c.muted,
    members.c.pinned,
    members.c.archived,
    members.c.draft,
    members.c.notify,
    members.c.muted_until,
    members.c.marked_unread,
    members.c.longer_draft,
)


def greater(one: ColumnElement[int], other: ColumnElement[int]) -> Case[int]:
    """Return the greater of two numbers; the databases name that function differently."""
    return case((one > other, one), else_=other)


def sees_after(of: FromClause = members) -> Case[int]:
    """Return the seq above which a member sees messages: after joining, and not cleared."""
    return greater(of.c.joined_seq, of.c.cleared_seq)


SAME_CONVERSATION = members.c.conversation_id == conversations.c.id
OF_VIEWER = (members.c.user_id == bindparam("viewer")) & (members.c.left == false())
THIS_MEMBER = (members.c.conversation_id == bindparam("conversation")) & (
    members.c.user_id == bindparam("user")
)


def to_conversation(row: Row) -> Conversation:
    """Return the conversation whose columns a row begins with."""
    (
        conversation,
        kind,
        title,
        avatar,
        version,
        members_version,
        last_seq,
        created_at,
        history,
        description,
        posting,
        reacting,
        slow_seconds,
        retention_days,
        expire_seconds,
        filter_words,
        bots,
    ) = row[:17]
    return Conversation(
        conversation,
        KINDS[kind],
        title,
        avatar,
        version,
        members_version,
        last_seq,
        created_at,
        HISTORIES[history],
        description,
        SCOPES[posting],
        SCOPES[reacting],
        slow_seconds,
        retention_days,
        expire_seconds,
        filter_words,
        bots,
    )


def to_member(row: Row) -> Member:
    """Return the member of a row."""
    conversation, user, role, left, version, joined, read, delivered, seen, bot = row
    return Member(
        conversation,
        user,
        ROLES[role],
        bool(left),
        version,
        joined,
        read,
        delivered,
        seen,
        bool(bot),
    )


def to_member_settings(row: Sequence[Any]) -> MemberSettings:
    """Return the member settings of a row."""
    read_seq, muted, pinned, archived, draft, notify, muted_until, marked_unread, longer = row
    return MemberSettings(
        read_seq,
        bool(muted),
        bool(pinned),
        bool(archived),
        draft,
        NOTIFIES[notify],
        muted_until,
        bool(marked_unread),
        bool(longer),
    )
