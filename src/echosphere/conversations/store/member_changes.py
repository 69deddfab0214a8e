"""Writes of members: joining, leaving and roles."""

from sqlalchemy import bindparam, case, false, insert, literal_column, null, select, true, update

from echosphere.conversations.conversation import Member, Notify
from echosphere.conversations.store.rows import THIS_MEMBER
from echosphere.conversations.store.tables import members
from echosphere.database import Prepared, Snapshot, Transaction

SUCCESSOR = Prepared(
    select(members.c.user_id)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        members.c.bot == false(),
        members.c.user_id != bindparam("user"),
    )
    .order_by(
        case((members.c.role == literal_column("'admin'"), 0), else_=1),
        members.c.joined_at,
        members.c.user_id,
    )
    .limit(1)
)
SET_ROLE = Prepared(
    update(members)
    .where(THIS_MEMBER)
    .values(role=bindparam("new_role"), version=bindparam("new_version"))
)
SET_LEFT = Prepared(
    update(members)
    .where(THIS_MEMBER)
    .values(
        left=true(),
        role=literal_column("'member'"),
        version=bindparam("new_version"),
        draft=null(),
        longer_draft=false(),
    )
)
REJOIN = Prepared(
    update(members)
    .where(THIS_MEMBER)
    .values(
        left=false(),
        version=bindparam("new_version"),
        joined_seq=bindparam("new_joined_seq"),
        read_seq=bindparam("new_read_seq"),
        joined_at=bindparam("now"),
        archived=false(),
        marked_unread=false(),
        dropped=false(),
        draft=null(),
        longer_draft=false(),
    )
)
INSERT_MEMBER = Prepared(insert(members).values({c.name: bindparam(c.name) for c in members.c}))


def insert_member(transaction: Transaction, member: Member) -> None:
    """Store a new member."""
    transaction.run(
        INSERT_MEMBER,
        conversation_id=member.conversation,
        user_id=member.user,
        role=member.role.value,
        left=member.left,
        version=member.version,
        joined_seq=member.joined_seq,
        read_seq=member.read_seq,
        delivered_seq=member.delivered_seq,
        muted=False,
        pinned=False,
        archived=False,
        draft=None,
        seen_seq=member.seen_seq,
        notify=Notify.DEFAULT.value,
        muted_until=None,
        marked_unread=False,
        longer_draft=False,
        joined_at=transaction.now,
        cleared_seq=0,
        cleared_before=0,
        cleared_at=None,
        clear_version=0,
        dropped=False,
        posted_at=None,
        bot=member.bot,
    )


def find_successor(snapshot: Snapshot, conversation: str, leaving: str) -> str | None:
    """Return the id of the next owner: the longest-serving admin, else member, or None."""
    row = snapshot.first(SUCCESSOR, conversation=conversation, user=leaving)
    return None if row is None else str(row[0])


def set_role(transaction: Transaction, member: Member) -> None:
    """Store a member's role, at the member's version."""
    transaction.run(
        SET_ROLE,
        conversation=member.conversation,
        user=member.user,
        new_role=member.role.value,
        new_version=member.version,
    )


def set_left(transaction: Transaction, member: Member) -> None:
    """Store that a member left, at the member's version."""
    transaction.run(
        SET_LEFT,
        conversation=member.conversation,
        user=member.user,
        new_version=member.version,
    )


def rejoin(transaction: Transaction, member: Member) -> None:
    """Store that a former member joined again."""
    transaction.run(
        REJOIN,
        conversation=member.conversation,
        user=member.user,
        new_version=member.version,
        new_joined_seq=member.joined_seq,
        new_read_seq=member.read_seq,
        now=transaction.now,
    )
