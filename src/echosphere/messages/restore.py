"""Takes back that a person deleted messages for themselves, as long as that is a moment ago."""

from collections.abc import Sequence

from echosphere.accounts import lock_user
from echosphere.conversations import access_for_update
from echosphere.core.errors import Gone, NotFound
from echosphere.database import Transaction, alone
from echosphere.messages import store
from echosphere.messages.access import UNKNOWN
from echosphere.messages.limits import UNDO_WINDOW
from echosphere.messages.personal_events import MessagesRestored

UNDO_EXPIRED = "It is too late to undo this."


@alone
def restore_messages(
    transaction: Transaction, person: str, conversation: str, seqs: Sequence[int]
) -> int:
    """Show messages again that a person hid from themselves; what is shown stays so.

    Returns how far the person's list of hidden messages goes now.

    Raises:
        NotFound: The person cannot see the conversation, or one of the messages is not of their
            time.
        Gone: One of them was hidden too long ago. Who deletes something wants it gone, and whoever
            finds their device open must not be able to bring it back.
    """
    access = access_for_update(transaction, person, conversation)
    wanted = sorted(set(seqs))
    if len(store.numbers_among(transaction, access, wanted)) != len(wanted):
        raise NotFound(UNKNOWN)
    lock_user(transaction, person)  # the numbers of what is hidden appear in their order
    hidden = store.hidden_among(transaction, person, conversation, wanted)
    if any(at + UNDO_WINDOW < transaction.now for at in hidden.values()):
        raise Gone(UNDO_EXPIRED)
    for seq in sorted(hidden):
        store.restore(transaction, person, conversation, seq)
    after = store.last_hidden(transaction, person)
    if hidden:
        transaction.announce(MessagesRestored(person, conversation, sorted(hidden), after))
    return after
