"""Writes of a member's positions and settings.

Each locks the conversation first: two processes that changed several members in different orders
could deadlock otherwise.
"""

from typing import Any

from sqlalchemy import Case, Column, bindparam, case, false, null, or_, true, update

from echosphere.conversations.store.access import LOCK
from echosphere.conversations.store.rows import THIS_MEMBER
from echosphere.conversations.store.tables import members
from echosphere.database import Prepared, Transaction


def _forward(position: Column[int], to: str) -> Case[int]:
    return case((position < bindparam(to), bindparam(to)), else_=position)


SET_READ = Prepared(
    update(members)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.user_id == bindparam("viewer"),
        or_(members.c.read_seq < bindparam("seq"), members.c.marked_unread == true()),
    )
    .values(
        read_seq=_forward(members.c.read_seq, "seq"),
        seen_seq=_forward(members.c.seen_seq, "seen"),
        delivered_seq=_forward(members.c.delivered_seq, "seen"),
        marked_unread=false(),
    )
)
SET_DELIVERED = Prepared(
    update(members)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.user_id == bindparam("viewer"),
        members.c.delivered_seq < bindparam("seq"),
    )
    .values(delivered_seq=bindparam("seq"))
)
SET_ALL_READ = Prepared(
    update(members)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        members.c.read_seq < bindparam("seq"),
    )
    .values(
        read_seq=bindparam("seq"),
        seen_seq=bindparam("seq"),
        delivered_seq=bindparam("seq"),
    )
)
SET_POSTED = Prepared(update(members).where(THIS_MEMBER).values(posted_at=bindparam("now")))
FORGET_DRAFTS = Prepared(
    update(members)
    .where(
        members.c.user_id == bindparam("user"),
        or_(members.c.draft.is_not(None), members.c.longer_draft == true()),
    )
    .values(draft=null(), longer_draft=false()),
    erases=True,
)


def clear_drafts(transaction: Transaction, user: str) -> None:
    """Remove a user's drafts in all conversations."""
    transaction.run(FORGET_DRAFTS, user=user)


def set_read(transaction: Transaction, viewer: str, conversation: str, seq: int, seen: int) -> bool:
    """Move a member's read position forward, and clear `marked_unread`.

    Args:
        transaction: The transaction.
        viewer: The member.
        conversation: The conversation.
        seq: The new read position.
        seen: The position shown to others; 0 to keep it.

    Returns:
        Whether anything changed.
    """
    transaction.lock(LOCK, conversation=conversation)
    done = {"viewer": viewer, "conversation": conversation, "seq": seq, "seen": seen}
    return transaction.run(SET_READ, **done) > 0


def set_all_read(transaction: Transaction, conversation: str, seq: int) -> None:
    """Have all members have read everything up to a message; the conversation is locked."""
    transaction.run(SET_ALL_READ, conversation=conversation, seq=seq)


def set_delivered(transaction: Transaction, viewer: str, conversation: str, seq: int) -> bool:
    """Move a member's delivered position forward; return whether it moved."""
    transaction.lock(LOCK, conversation=conversation)
    return transaction.run(SET_DELIVERED, viewer=viewer, conversation=conversation, seq=seq) > 0


def set_posted(transaction: Transaction, user: str, conversation: str) -> None:
    """Note that a member posted now; the conversation is locked."""
    transaction.run(SET_POSTED, user=user, conversation=conversation, now=transaction.now)


def set_member_settings(
    transaction: Transaction, viewer: str, conversation: str, changes: dict[str, Any]
) -> None:
    """Change some of a member's settings."""
    transaction.lock(LOCK, conversation=conversation)
    transaction.execute(
        update(members)
        .where(members.c.conversation_id == conversation, members.c.user_id == viewer)
        .values(changes)
    )
