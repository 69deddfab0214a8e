"""Hides messages from one user ("Delete for me"); all others still see them."""

from collections.abc import Sequence
from typing import NamedTuple

from echosphere.accounts import lock_user
from echosphere.conversations import access_for_update
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import UNKNOWN
from echosphere.messages.personal_events import MessagesHidden

MAX_AT_ONCE = 100
PAGE = 500


class HiddenMessage(NamedTuple):
    """A message that a user hid."""

    conversation: str
    seq: int


class HiddenPage(NamedTuple):
    """Messages that a user hid and restored, in this order.

    Attributes:
        after: Where the next page begins.
        more: Whether there is a next page now.
    """

    hidden: list[HiddenMessage]
    restored: list[HiddenMessage]
    after: int
    more: bool


class HideMessages(Command[int], lane="user_id", own_transaction=True):
    """Hide messages from a user, on all their devices.

    Returns the last id in the user's list of hidden messages.

    Raises:
        NotFound: The user cannot see the conversation or one of the messages.
    """

    user_id: str
    conversation: str
    seqs: Sequence[int]

    def run(self, transaction: Transaction) -> int:
        """Hide them."""
        access = access_for_update(transaction, self.user_id, self.conversation)
        requested = sorted(set(self.seqs))
        existing = store.existing_seqs(transaction, access, requested)
        if len(existing) != len(requested):
            raise NotFound(UNKNOWN)
        lock_user(transaction, self.user_id)  # so that ids are committed in ascending order
        visible = store.visible_messages(transaction, access, requested)
        for seq in visible:
            store.hide(transaction, self.user_id, self.conversation, seq)
        after = store.last_hidden_id(transaction, self.user_id)
        if visible:
            transaction.announce(
                MessagesHidden(self.user_id, self.conversation, sorted(visible), after)
            )
        return after


def hidden_page(snapshot: Snapshot, user_id: str, after: int) -> HiddenPage:
    """Return what a user hid and restored in all conversations since an id."""
    rows = store.hidden_after(snapshot, user_id, after, PAGE + 1)
    kept = rows[:PAGE]
    return HiddenPage(
        [
            HiddenMessage(conversation, seq)
            for _, conversation, seq, restored in kept
            if not restored
        ],
        [HiddenMessage(conversation, seq) for _, conversation, seq, restored in kept if restored],
        kept[-1][0] if kept else after,
        len(rows) > PAGE,
    )
