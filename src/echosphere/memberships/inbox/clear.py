"""Clears or deletes a conversation for one user alone, and undoes that for a short time."""

from echosphere.conversations import (
    ClearedHistory,
    Kind,
    access_for_update,
    clear_draft,
    find_cleared_history,
    set_cleared_history,
)
from echosphere.core.errors import Gone
from echosphere.database import Command, Transaction
from echosphere.memberships.inbox.unread_recount import push_counts
from echosphere.messages import UNDO_EXPIRED, UNDO_WINDOW, enqueue_purge_of_cleared


class ClearConversation(Command[None], lane="conversation"):
    """Hide all messages up to `seq` from a user; a lower `seq` than before changes nothing.

    The client names the last message it shows. So a message posted meanwhile is not hidden unread,
    and a repeated call hides no more than the first.

    Attributes:
        user_id: The user who clears.
        conversation: The conversation.
        seq: The last message to hide.
        dropped: Whether the conversation also leaves their list until the next message; their
            draft is deleted.

    Raises:
        NotFound: The user is not a member.
    """

    user_id: str
    conversation: str
    seq: int
    dropped: bool

    def run(self, transaction: Transaction) -> None:
        """Clear it."""
        access = access_for_update(transaction, self.user_id, self.conversation)
        known = find_cleared_history(transaction, self.user_id, self.conversation)
        reached = max(known.seq, min(self.seq, access.conversation.last_seq))
        # If more was posted since it was dropped, it is back in the list, and can be dropped again.
        stays_away = known.dropped and reached == known.seq
        changed = ClearedHistory(
            reached, known.seq, transaction.now, known.version + 1, self.dropped or stays_away
        )
        if (changed.seq, changed.dropped) == (known.seq, known.dropped):
            return
        set_cleared_history(transaction, self.user_id, self.conversation, changed)
        if self.dropped:
            clear_draft(transaction, self.user_id, self.conversation)
        if access.conversation.kind is Kind.DIRECT:
            enqueue_purge_of_cleared(transaction, self.conversation)
        push_counts(transaction, [self.user_id], self.conversation)


class UndoClear(Command[None], lane="conversation"):
    """Undo the last clearing; do nothing if there is none.

    Raises:
        NotFound: The user is not a member.
        Gone: It is longer ago than `UNDO_WINDOW`.
    """

    user_id: str
    conversation: str

    def run(self, transaction: Transaction) -> None:
        """Undo it."""
        access_for_update(transaction, self.user_id, self.conversation)
        known = find_cleared_history(transaction, self.user_id, self.conversation)
        if known.at is None:
            return
        if known.at + UNDO_WINDOW < transaction.now:
            raise Gone(UNDO_EXPIRED)
        before = ClearedHistory(known.before, known.before, None, known.version + 1, dropped=False)
        set_cleared_history(transaction, self.user_id, self.conversation, before)
        push_counts(transaction, [self.user_id], self.conversation)
