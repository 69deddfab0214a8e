"""Queries that check access."""

from sqlalchemy import bindparam, literal_column, select

from echosphere.contacts import is_blocked_with
from echosphere.conversations.conversation import Access, partner_in
from echosphere.conversations.store.rows import (
    CONVERSATION,
    OF_VIEWER,
    ROLES,
    SAME_CONVERSATION,
    sees_after,
    to_conversation,
)
from echosphere.conversations.store.tables import conversations, members
from echosphere.database import Lookup, Prepared, Row, Snapshot, Transaction

ACCESS = Prepared(
    select(
        *CONVERSATION,
        conversations.c.pair,
        members.c.role,
        sees_after(),
        members.c.posted_at,
        members.c.bot,
    )
    .join(members, SAME_CONVERSATION)
    .where(conversations.c.id == bindparam("conversation"), OF_VIEWER)
)
_other = members.alias("other")
PARTNER_BLOCK = Prepared(
    select(_other.c.user_id)
    .join_from(conversations, _other, _other.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.id == bindparam("conversation"),
        conversations.c.kind == literal_column("'direct'"),
        _other.c.user_id != bindparam("viewer"),
        is_blocked_with("viewer", _other.c.user_id),
    )
)
LOCK = Prepared(
    select(conversations.c.id)
    .where(conversations.c.id == bindparam("conversation"))
    .with_for_update()
)
GROUPS_OF = Prepared(
    select(conversations.c.id)
    .join(members, SAME_CONVERSATION)
    .where(conversations.c.kind == literal_column("'group'"), OF_VIEWER)
    .order_by(conversations.c.id)
)


_VERSION, _LAST_SEQ = (
    CONVERSATION.index(column) for column in (conversations.c.version, conversations.c.last_seq)
)


def access_lookups(viewer: str, conversation: str) -> list[Lookup]:
    """Return the queries that lock a conversation and find a viewer's access to it."""
    return [
        (LOCK, {"conversation": conversation}),
        (ACCESS, {"viewer": viewer, "conversation": conversation}),
    ]


def partner_block_lookup(viewer: str, conversation: str) -> Lookup:
    """Return the query that finds a block between a viewer and the partner in a direct conversation."""
    return PARTNER_BLOCK, {"viewer": viewer, "conversation": conversation}


def note_seq(transaction: Transaction, conversation: str, seq: int) -> None:
    """Note in what was prefetched that a message with this `seq` was posted."""

    def changed(row: Row) -> Row:
        if row[0] != conversation:
            return row
        columns = list(row)
        columns[_VERSION] = columns[_LAST_SEQ] = seq
        return tuple(columns)

    transaction.amend(ACCESS, changed)


def find_access(snapshot: Snapshot, viewer: str, conversation: str) -> Access | None:
    """Return a conversation as the viewer may see it, or None."""
    row = snapshot.first(ACCESS, viewer=viewer, conversation=conversation)
    if row is None:
        return None
    pair, role, after, posted_at, bot = row[len(CONVERSATION) :]
    partner = partner_in(pair, viewer)
    return Access(to_conversation(row), viewer, ROLES[role], after, partner, posted_at, bool(bot))


def group_ids_of(snapshot: Snapshot, viewer: str) -> list[str]:
    """Return the ids of the viewer's groups, sorted."""
    return [row[0] for row in snapshot.all(GROUPS_OF, viewer=viewer)]
