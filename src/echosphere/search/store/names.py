"""Queries for the names that a viewer can see."""

import msgspec
from sqlalchemy import and_, case, false, func, literal_column, or_, select, true

from echosphere.contacts.store import blocks, contacts
from echosphere.conversations.store import conversations, members, sees_after
from echosphere.database import Snapshot
from echosphere.search.store.tables import fetch_tuples


class SearchableConversation(msgspec.Struct, frozen=True):
    """A conversation with its title or partner, and its number of messages."""

    id: str
    title: str | None
    partner: str | None
    messages: int


def conversations_of(snapshot: Snapshot, viewer: str) -> list[SearchableConversation]:
    """Return a user's conversations, the last changed first."""
    mine, other = members.alias("mine"), members.alias("other")
    is_other = and_(
        conversations.c.kind == literal_column("'direct'"),
        other.c.conversation_id == conversations.c.id,
        other.c.user_id != mine.c.user_id,
    )
    statement = (
        select(
            conversations.c.id,
            conversations.c.title,
            other.c.user_id,
            conversations.c.last_seq - sees_after(mine),
        )
        .join(mine, mine.c.conversation_id == conversations.c.id)
        .outerjoin(other, is_other)
        .where(mine.c.user_id == viewer, mine.c.left == false())
    )
    ordered = statement.order_by(conversations.c.changed_at.desc(), conversations.c.id)
    return [SearchableConversation(*row) for row in fetch_tuples(snapshot, ordered)]


def connected_users(snapshot: Snapshot, viewer: str) -> dict[str, bool]:
    """Return contacts and (former) fellow members by id; whether they are one now."""
    mine, other = members.alias("mine"), members.alias("other")
    present = func.max(case((other.c.left == true(), 0), else_=1))
    sharing = (
        select(other.c.user_id, present)
        .join(mine, mine.c.conversation_id == other.c.conversation_id)
        .where(mine.c.user_id == viewer, mine.c.left == false())
        .group_by(other.c.user_id)
    )
    found = {user: bool(there) for user, there in fetch_tuples(snapshot, sharing)}
    known = select(contacts.c.contact_id).where(contacts.c.user_id == viewer)
    return found | dict.fromkeys(snapshot.execute(known).scalars(), True)


def blocked_user_ids(snapshot: Snapshot, viewer: str) -> set[str]:
    """Return the ids of users whom the viewer blocked or who blocked the viewer."""
    statement = select(blocks.c.user_id, blocks.c.blocked_id).where(
        or_(blocks.c.user_id == viewer, blocks.c.blocked_id == viewer)
    )
    return {one for row in fetch_tuples(snapshot, statement) for one in row} - {viewer}
