"""Deletes messages for one person alone: the others keep them."""

from collections.abc import Sequence
from typing import NamedTuple

from echosphere.accounts import lock_user
from echosphere.conversations import access_for_update
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction, alone
from echosphere.messages import store
from echosphere.messages.access import UNKNOWN
from echosphere.messages.personal_events import MessagesHidden

MAX_AT_ONCE = 100
PAGE = 500


class Hidden(NamedTuple):
    """A message that a person hid."""

    conversation: str
    seq: int


class HiddenPage(NamedTuple):
    """What a person hid, and what of it they took back, in the order in which they did.

    Attributes:
        after: To be given next time.
        more: Whether there is more now.
    """

    hidden: list[Hidden]
    restored: list[Hidden]
    after: int
    more: bool


@alone
def hide_messages(
    transaction: Transaction, person: str, conversation: str, seqs: Sequence[int]
) -> int:
    """Hide messages from a person, on all their devices.

    Returns how far the person's list of hidden messages goes now.

    Raises:
        NotFound: The person cannot see the conversation or one of the messages.
    """
    access = access_for_update(transaction, person, conversation)
    wanted = sorted(set(seqs))
    known = store.numbers_among(transaction, access, wanted)
    if len(known) != len(wanted):
        raise NotFound(UNKNOWN)
    lock_user(transaction, person)  # the numbers of what is hidden appear in their order
    shown = store.visible_messages(transaction, access, wanted)
    for seq in shown:
        store.hide(transaction, person, conversation, seq)
    after = store.last_hidden(transaction, person)
    if shown:
        transaction.announce(MessagesHidden(person, conversation, sorted(shown), after))
    return after


def hidden_page(snapshot: Snapshot, person: str, after: int) -> HiddenPage:
    """Return what a person hid since they were last told, wherever it is."""
    rows = store.hidden_after(snapshot, person, after, PAGE + 1)
    kept = rows[:PAGE]
    return HiddenPage(
        [Hidden(conversation, seq) for _, conversation, seq, restored in kept if not restored],
        [Hidden(conversation, seq) for _, conversation, seq, restored in kept if restored],
        kept[-1][0] if kept else after,
        len(rows) > PAGE,
    )
