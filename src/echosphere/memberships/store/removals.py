"""The table of removed and banned members, and its queries."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Table,
    bindparam,
    delete,
    false,
    literal_column,
    select,
    true,
)

from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Transaction,
    insert,
    metadata,
)
from echosphere.memberships.groups.removal import Ban

MAX_LISTED = 1_000

removed_members = Table(
    "removed_members",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("removed_at", Milliseconds, nullable=False),
    Column("banned", Boolean, nullable=False, server_default=false()),
    Column("removed_by", Identifier),
)

_here = removed_members.c.conversation_id == bindparam("conversation")
_this = _here & (removed_members.c.user_id == bindparam("user"))
_banned = removed_members.c.banned == true()

FIND_REMOVAL = Prepared(select(removed_members.c.banned).where(_this))
BANNED = Prepared(
    select(removed_members.c.user_id, removed_members.c.removed_at, removed_members.c.removed_by)
    .where(_here, _banned)
    .order_by(removed_members.c.removed_at.desc(), removed_members.c.user_id)
    .limit(literal_column(str(MAX_LISTED)))
)
_new = insert(removed_members).values({c.name: bindparam(c.name) for c in removed_members.c})
PUT_REMOVAL = Prepared(
    _new.on_conflict_do_update(
        index_elements=["conversation_id", "user_id"],
        set_={name: _new.excluded[name] for name in ("removed_at", "banned", "removed_by")},
    )
)
DELETE_REMOVAL = Prepared(delete(removed_members).where(_this))
LIFT_BAN = Prepared(delete(removed_members).where(_this, _banned))


def was_removed(snapshot: Snapshot, conversation: str, user: str) -> bool:
    """Whether a user was removed from a group and not added again."""
    return snapshot.first(FIND_REMOVAL, conversation=conversation, user=user) is not None


def is_banned(snapshot: Snapshot, conversation: str, user: str) -> bool:
    """Whether a user is banned from a group."""
    row = snapshot.first(FIND_REMOVAL, conversation=conversation, user=user)
    return row is not None and bool(row[0])


def bans_of(snapshot: Snapshot, conversation: str) -> list[Ban]:
    """Return who is banned from a group, the last banned first."""
    return [Ban(*row) for row in snapshot.all(BANNED, conversation=conversation)]


def put_removal(
    transaction: Transaction, conversation: str, user: str, by: str, banned: bool
) -> None:
    """Record that a member was removed from a group, or banned."""
    transaction.run(
        PUT_REMOVAL,
        conversation_id=conversation,
        user_id=user,
        removed_at=transaction.now,
        banned=banned,
        removed_by=by,
    )


def delete_removal(transaction: Transaction, conversation: str, user: str) -> None:
    """Delete the record that a user was removed from a group, if there is one."""
    transaction.run(DELETE_REMOVAL, conversation=conversation, user=user)


def lift_ban(transaction: Transaction, conversation: str, user: str) -> bool:
    """Lift a ban; return False if there is none."""
    return transaction.run(LIFT_BAN, conversation=conversation, user=user) == 1
