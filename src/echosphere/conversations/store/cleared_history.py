"""How far a member cleared the history; writers lock the conversation first."""

from sqlalchemy import bindparam, case, false, null, select, update

from echosphere.conversations.conversation import ClearedHistory
from echosphere.conversations.store.rows import THIS_MEMBER
from echosphere.conversations.store.tables import members
from echosphere.database import Prepared, Snapshot, Transaction

FIND_CLEARING = Prepared(
    select(
        members.c.cleared_seq,
        members.c.cleared_before,
        members.c.cleared_at,
        members.c.clear_version,
        members.c.dropped,
    ).where(THIS_MEMBER)
)
_recent = members.c.cleared_at >= bindparam("before")
SETTLED = Prepared(
    select(
        members.c.user_id,
        case((_recent, members.c.cleared_before), else_=members.c.cleared_seq),
    ).where(members.c.conversation_id == bindparam("conversation"), members.c.left == false())
)
SET_CLEARING = Prepared(
    update(members)
    .where(THIS_MEMBER)
    .values(
        cleared_seq=bindparam("new_seq"),
        cleared_before=bindparam("new_before"),
        cleared_at=bindparam("new_at"),
        clear_version=bindparam("new_version"),
        dropped=bindparam("is_dropped"),
    )
)
FORGET_DRAFT = Prepared(
    update(members)
    .where(THIS_MEMBER)
    .values(draft=null(), longer_draft=false(), marked_unread=false()),
    erases=True,
)


def find_cleared_history(snapshot: Snapshot, user: str, conversation: str) -> ClearedHistory:
    """Return how far a member cleared the history."""
    row = snapshot.first(FIND_CLEARING, user=user, conversation=conversation)
    assert row is not None  # noqa: S101 - access was checked
    seq, before, at, version, dropped = row
    return ClearedHistory(seq, before, at, version, bool(dropped))


def settled_clearings(snapshot: Snapshot, conversation: str, before: int) -> dict[str, int]:
    """Return the last cleared message of each present member, without clearings at or after a time."""
    return dict(snapshot.all(SETTLED, conversation=conversation, before=before))


def set_cleared_history(
    transaction: Transaction, user: str, conversation: str, clearing: ClearedHistory
) -> None:
    """Store how far a member cleared the history."""
    transaction.run(
        SET_CLEARING,
        user=user,
        conversation=conversation,
        new_seq=clearing.seq,
        new_before=clearing.before,
        new_at=clearing.at,
        new_version=clearing.version,
        is_dropped=clearing.dropped,
    )


def clear_draft(transaction: Transaction, user: str, conversation: str) -> None:
    """Remove a member's draft and the mark as unread."""
    transaction.run(FORGET_DRAFT, user=user, conversation=conversation)
