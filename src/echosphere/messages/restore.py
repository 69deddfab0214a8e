"""Restores messages that a user hid within the last minute."""

from collections.abc import Sequence

from echosphere.accounts import lock_user
from echosphere.conversations import access_for_update
from echosphere.core.errors import Gone, NotFound
from echosphere.database import Command, Transaction
from echosphere.messages import store
from echosphere.messages.access import UNKNOWN
from echosphere.messages.limits import UNDO_WINDOW
from echosphere.messages.personal_events import MessagesRestored

UNDO_EXPIRED = "It is too late to undo this."


class RestoreMessages(Command[int], lane="user_id", own_transaction=True):
    """Restore hidden messages; those that are not hidden are ignored.

    Returns the last id in the user's list of hidden messages.

    Raises:
        NotFound: The user cannot see the conversation, or one of the messages was posted before they
            joined.
        Gone: One of them was hidden too long ago: what a user deleted must not come back for whoever
            finds their device unlocked.
    """

    user_id: str
    conversation: str
    seqs: Sequence[int]

    def run(self, transaction: Transaction) -> int:
        """Restore them."""
        access = access_for_update(transaction, self.user_id, self.conversation)
        requested = sorted(set(self.seqs))
        if len(store.existing_seqs(transaction, access, requested)) != len(requested):
            raise NotFound(UNKNOWN)
        lock_user(transaction, self.user_id)  # so that ids are committed in ascending order
        hidden = store.hidden_at_of(transaction, self.user_id, self.conversation, requested)
        if any(at + UNDO_WINDOW < transaction.now for at in hidden.values()):
            raise Gone(UNDO_EXPIRED)
        for seq in sorted(hidden):
            store.restore(transaction, self.user_id, self.conversation, seq)
        after = store.last_hidden_id(transaction, self.user_id)
        if hidden:
            transaction.announce(
                MessagesRestored(self.user_id, self.conversation, sorted(hidden), after)
            )
        return after
