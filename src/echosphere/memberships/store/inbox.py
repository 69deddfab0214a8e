"""Queries across conversations and messages for one user; there are no tables here."""

from sqlalchemy import (
    Select,
    TextClause,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    null,
    select,
    text,
    true,
)
from sqlalchemy.sql.elements import ColumnElement

from echosphere.accounts.store import users
from echosphere.conversations.store import (
    CONVERSATION,
    MEMBER_SETTINGS,
    conversations,
    greater,
    members,
    sees_after,
    to_conversation,
    to_member_settings,
)
from echosphere.database import Prepared, Row, Snapshot
from echosphere.memberships.inbox.conversation_version import ConversationVersion
from echosphere.memberships.inbox.entry import MAX_COUNTED, Cleared, InboxEntry
from echosphere.messages.store import (
    MESSAGE,
    mentions,
    mentions_user_by_name,
    messages,
    not_hidden_by,
    to_message,
)

_FIRST_SETTING = len(CONVERSATION)
_CLEARED = _FIRST_SETTING + len(MEMBER_SETTINGS)
_UNREAD = _CLEARED + len(Cleared._fields)
_FIRST_MESSAGE = _UNREAD + 3


def _count_unread(*which: ColumnElement[bool] | TextClause) -> ColumnElement[int]:
    """Count unread messages in the query: a stored counter would drift from the messages.

    The count stops at `MAX_COUNTED`, because each counted message is read, also in the writer.
    """
    found = (
        select(literal_column("1"))
        .select_from(messages)
        .where(
            messages.c.conversation_id == members.c.conversation_id,
            messages.c.author_id != members.c.user_id,
            messages.c.deleted == false(),
            messages.c.system.is_(None),
            not_hidden_by(members.c.user_id),
            *which,
        )
        .limit(literal_column(str(MAX_COUNTED)))
        .correlate(members)
        .subquery()
    )
    return select(func.count()).select_from(found).correlate(members).scalar_subquery()


def _is_unread(seq: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that the member has not read the message with this number."""
    return seq > greater(members.c.read_seq, sees_after())


def _count_mentions() -> ColumnElement[int]:
    """Count unread messages that mention the member, by the index of mentions."""
    numbers = (
        select(mentions.c.seq)
        .where(
            mentions.c.user_id == members.c.user_id,
            mentions.c.conversation_id == members.c.conversation_id,
            _is_unread(mentions.c.seq),
        )
        .correlate(members)
    )
    return _count_unread(messages.c.seq.in_(numbers))


def _count_all_mentions() -> ColumnElement[int]:
    """Count unread messages that mention everyone and not also the member."""
    mentions_everybody = text(
        "mentions_all"
    )  # the index's own expression, or SQLite would not use it
    return _count_unread(
        _is_unread(messages.c.seq), mentions_everybody, ~mentions_user_by_name(members.c.user_id)
    )


def _is_last_visible() -> ColumnElement[bool]:
    """Match the newest message that the member may see and has not hidden."""
    earlier = messages.alias("earlier")
    newest = (
        select(earlier.c.seq)
        .where(
            earlier.c.conversation_id == members.c.conversation_id,
            not_hidden_by(members.c.user_id, earlier),
        )
        .order_by(earlier.c.seq.desc())
        .limit(literal_column("1"))
        .correlate(members)
        .scalar_subquery()
    )
    return and_(
        messages.c.conversation_id == conversations.c.id,
        messages.c.seq == newest,
        messages.c.seq > sees_after(),
    )


def _cleared_until() -> ColumnElement[int]:
    """Select when the last message that the member cleared was posted, in milliseconds."""
    last = (
        select(messages.c.created_at)
        .where(
            messages.c.conversation_id == members.c.conversation_id,
            messages.c.seq > members.c.joined_seq,
            messages.c.seq <= members.c.cleared_seq,
        )
        .order_by(messages.c.seq.desc())
        .limit(literal_column("1"))
        .correlate(members)
        .scalar_subquery()
    )
    return case((members.c.cleared_seq > literal_column("0"), last), else_=null())


def _dropped() -> ColumnElement[bool]:
    """Select whether the member deleted the conversation and no message was posted since."""
    written = exists().where(
        messages.c.conversation_id == members.c.conversation_id,
        messages.c.seq > members.c.cleared_seq,
        messages.c.system.is_(None),
    )
    return case((members.c.dropped == true(), ~written.correlate(members)), else_=false())


_CLEARING = (members.c.cleared_seq, members.c.clear_version, _cleared_until(), _dropped())
_COUNTS = (_count_unread(_is_unread(messages.c.seq)), _count_mentions(), _count_all_mentions())


def _entries() -> Select[tuple[object, ...]]:
    return (
        select(*CONVERSATION, *MEMBER_SETTINGS, *_CLEARING, *_COUNTS, *MESSAGE)
        .select_from(members)
        .join(conversations, members.c.conversation_id == conversations.c.id)
        .outerjoin(messages, _is_last_visible())
        .where(members.c.left == false())
    )


_of_viewer = members.c.user_id == bindparam("viewer")
_here = members.c.conversation_id == bindparam("conversation")

ENTRIES = Prepared(_entries().where(_of_viewer))
ENTRY = Prepared(_entries().where(_of_viewer, _here))
MEMBERS_WITH_UNREAD = Prepared(
    select(members.c.user_id).where(
        _here,
        members.c.left == false(),
        greater(members.c.read_seq, sees_after()) < bindparam("seq"),
    )
)
MEMBERS_WITH_SETTINGS = Prepared(
    select(members.c.user_id, users.c.settings)
    .join(users, users.c.id == members.c.user_id)
    .where(_here, members.c.left == false())
    .limit(literal_column("21"))
)
LATEST = (
    select(messages.c.author_id)
    .where(
        messages.c.conversation_id == bindparam("conversation"),
        messages.c.seq <= bindparam("seq"),
    )
    .order_by(messages.c.seq.desc())
    .limit(literal_column("20"))
)
LATEST_AUTHORS = Prepared(select(LATEST.subquery().c.author_id).distinct())
VERSIONS = Prepared(
    select(
        conversations.c.id,
        conversations.c.version,
        conversations.c.epoch,
        conversations.c.epoch_base,
        conversations.c.earlier_epoch,
        members.c.clear_version,
    )
    .join(members, members.c.conversation_id == conversations.c.id)
    .where(members.c.user_id == bindparam("viewer"), members.c.left == false())
    .order_by(conversations.c.changed_at.desc(), conversations.c.id)
)


def entries_of(snapshot: Snapshot, viewer: str) -> list[InboxEntry]:
    """Return all conversations of a user, unsorted."""
    return [_to_entry(row) for row in snapshot.all(ENTRIES, viewer=viewer)]


def find_entry(snapshot: Snapshot, viewer: str, conversation: str) -> InboxEntry | None:
    """Return one conversation of a user; None if they are not a member."""
    row = snapshot.first(ENTRY, viewer=viewer, conversation=conversation)
    return None if row is None else _to_entry(row)


def members_with_settings(snapshot: Snapshot, conversation: str) -> list[tuple[str, str]]:
    """Return the members' ids and settings as JSON; of groups with more than 20 members, any 21."""
    return [
        (user, settings)
        for user, settings in snapshot.all(MEMBERS_WITH_SETTINGS, conversation=conversation)
    ]


def latest_authors(snapshot: Snapshot, conversation: str, seq: int) -> frozenset[str]:
    """Return the authors of the 20 messages up to `seq`."""
    rows = snapshot.all(LATEST_AUTHORS, conversation=conversation, seq=seq)
    return frozenset(author for (author,) in rows)


def members_with_unread(snapshot: Snapshot, conversation: str, seq: int) -> set[str]:
    """Return the members who have neither read nor cleared a message."""
    return {
        user for (user,) in snapshot.all(MEMBERS_WITH_UNREAD, conversation=conversation, seq=seq)
    }


def versions_of(snapshot: Snapshot, viewer: str) -> dict[str, ConversationVersion]:
    """Return the versions of a user's conversations, last changed first."""
    return {row[0]: ConversationVersion(*row[1:]) for row in snapshot.all(VERSIONS, viewer=viewer)}


def _to_entry(row: Row) -> InboxEntry:
    message = row[_FIRST_MESSAGE:]
    seq, version, until, dropped = row[_CLEARED:_UNREAD]
    return InboxEntry(
        conversation=to_conversation(row),
        member_settings=to_member_settings(row[_FIRST_SETTING:_CLEARED]),
        cleared=Cleared(seq, version, until, bool(dropped)),
        unread=row[_UNREAD],
        mentions=min(row[_UNREAD + 1] + row[_UNREAD + 2], MAX_COUNTED),
        last_message=None if message[0] is None else to_message(message),
    )
