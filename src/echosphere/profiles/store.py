"""Which users are connected: as contacts, or as members of the same conversation.

It joins the tables of contacts and conversations, and has none of its own.
"""

from collections.abc import Collection

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from echosphere.contacts.store import blocks, contacts, past_contacts
from echosphere.conversations.store import members
from echosphere.database import (
    Prepared,
    Snapshot,
)

MAX_PRESENCE_MEMBERS = 200
"""Members of larger groups are not sent each other's presence: their clients ask for it."""

_mine, _theirs, _all = members.alias("mine"), members.alias("theirs"), members.alias("all")
_size = (
    select(func.count())
    .select_from(_all)
    .where(_all.c.conversation_id == _mine.c.conversation_id, _all.c.left == false())
    .correlate(_mine)
    .scalar_subquery()
)


def _connected(*conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    """Select the ids of a viewer's contacts, and of the members of their conversations."""
    sharing = (
        select(_theirs.c.user_id.label("id"))
        .join(_mine, _theirs.c.conversation_id == _mine.c.conversation_id)
        .where(
            _mine.c.user_id == bindparam("viewer"),
            _mine.c.left == false(),
            _theirs.c.left == false(),
            _theirs.c.user_id != bindparam("viewer"),
            *conditions,
        )
    )
    known = select(contacts.c.contact_id.label("id")).where(
        contacts.c.user_id == bindparam("viewer")
    )
    found = sharing.union(known).subquery("connected")
    return select(found.c.id)


def _not_blocked(found: Select[tuple[str]]) -> Select[tuple[str]]:
    """Leave out users across a block from the viewer, whoever set it."""
    other = found.selected_columns.id
    either = or_(
        and_(blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == other),
        and_(blocks.c.user_id == other, blocks.c.blocked_id == bindparam("viewer")),
    )
    return found.where(~exists().where(either))


VISIBLE = _not_blocked(_connected())
CONNECTED = Prepared(VISIBLE)
PRESENCE_RECEIVERS = Prepared(_not_blocked(_connected(_size <= MAX_PRESENCE_MEMBERS)))
_one_connected = _connected()
IS_CONNECTED = Prepared(
    _one_connected.where(_one_connected.selected_columns.id == bindparam("other"))
)
_ever_shared = (
    select(_theirs.c.user_id)
    .join(_mine, _theirs.c.conversation_id == _mine.c.conversation_id)
    .where(_mine.c.user_id == bindparam("viewer"), _theirs.c.user_id == bindparam("other"))
)
_contact, _past_contact = (
    select(table.c.contact_id).where(
        table.c.user_id == bindparam("viewer"), table.c.contact_id == bindparam("other")
    )
    for table in (contacts, past_contacts)
)
_blocked = select(blocks.c.blocked_id).where(
    blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == bindparam("other")
)
EVER_CONNECTED = Prepared(union_all(_ever_shared, _contact, _past_contact, _blocked))


def connected_users(snapshot: Snapshot, user_id: str) -> frozenset[str]:
    """Return a user's contacts and fellow members, without those across a block."""
    return frozenset(row[0] for row in snapshot.all(CONNECTED, viewer=user_id))


def are_connected(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether two users are contacts or members of the same conversation; blocks do not count."""
    return snapshot.first(IS_CONNECTED, viewer=viewer, other=other) is not None


def were_ever_connected(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether two users are or were connected, or the viewer has blocked the other."""
    return snapshot.first(EVER_CONNECTED, viewer=viewer, other=other) is not None


def presence_receivers(snapshot: Snapshot, user_id: str) -> frozenset[str]:
    """Return the connected users who are sent a user's presence; members of large groups are not."""
    return frozenset(row[0] for row in snapshot.all(PRESENCE_RECEIVERS, viewer=user_id))


def filter_visible_users(snapshot: Snapshot, viewer: str, user_ids: Collection[str]) -> set[str]:
    """Return those of these users whose presence the viewer may see."""
    statement = VISIBLE.where(VISIBLE.selected_columns.id.in_(user_ids))
    return set(snapshot.execute(statement, {"viewer": viewer}).scalars())
