"""What a member cleared for themselves; whoever changes it holds the conversation first."""

from sqlalchemy import bindparam, false, null, select, update

from echosphere.conversations.conversation import Clearing
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


def find_clearing(snapshot: Snapshot, user: str, conversation: str) -> Clearing:
    """Return what a member cleared."""
    row = snapshot.first(FIND_CLEARING, user=user, conversation=conversation)
    assert row is not None  # noqa: S101 - access was checked
    seq, before, at, version, dropped = row
    return Clearing(seq, before, at, version, bool(dropped))


def set_clearing(
    transaction: Transaction, user: str, conversation: str, clearing: Clearing
) -> None:
    """Store what a member cleared."""
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


def forget_draft(transaction: Transaction, user: str, conversation: str) -> None:
    """Remove what a member began to write, and their mark to come back."""
    transaction.run(FORGET_DRAFT, user=user, conversation=conversation)
