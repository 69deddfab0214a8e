"""Lets a person clear a conversation, or delete it, for themselves; and take that back for a moment."""

from echosphere.conversations import (
    ClearedHistory,
    Kind,
    access_for_update,
    clear_draft,
    find_cleared_history,
    set_cleared_history,
)
from echosphere.core.errors import Gone
from echosphere.database import Transaction
from echosphere.memberships.inbox.unread_recount import push_counts
from echosphere.messages import UNDO_EXPIRED, UNDO_WINDOW, purge_cleared_later


def clear_conversation(
    transaction: Transaction, user_id: str, conversation: str, seq: int, dropped: bool
) -> None:
    """Remove everything up to a message from a person's sight; a smaller one changes nothing.

    The caller names the last message that they know: what is said meanwhile is not lost unseen, and
    a repeated call removes no more than the first one.

    Args:
        transaction: Where to.
        user_id: Who clears.
        conversation: What.
        seq: Up to which message.
        dropped: Whether it also leaves their list, with what they began to write, until more is
            said.

    Raises:
        NotFound: The person is not a member.
    """
    access = access_for_update(transaction, user_id, conversation)
    known = find_cleared_history(transaction, user_id, conversation)
    reached = max(known.seq, min(seq, access.conversation.last_seq))
    # More was said since it was dropped: then it came back, and may go again.
    stays_away = known.dropped and reached == known.seq
    changed = ClearedHistory(
        reached, known.seq, transaction.now, known.version + 1, dropped or stays_away
    )
    if (changed.seq, changed.dropped) == (known.seq, known.dropped):
        return
    set_cleared_history(transaction, user_id, conversation, changed)
    if dropped:
        clear_draft(transaction, user_id, conversation)
    if access.conversation.kind is Kind.DIRECT:
        purge_cleared_later(transaction, conversation)
    push_counts(transaction, [user_id], conversation)


def undo_clear(transaction: Transaction, user_id: str, conversation: str) -> None:
    """Take back what a person cleared last; where there is nothing to take back nothing happens.

    Raises:
        NotFound: The person is not a member.
        Gone: It was too long ago.
    """
    access_for_update(transaction, user_id, conversation)
    known = find_cleared_history(transaction, user_id, conversation)
    if known.at is None:
        return
    if known.at + UNDO_WINDOW < transaction.now:
        raise Gone(UNDO_EXPIRED)
    before = ClearedHistory(known.before, known.before, None, known.version + 1, dropped=False)
    set_cleared_history(transaction, user_id, conversation, before)
    push_counts(transaction, [user_id], conversation)
