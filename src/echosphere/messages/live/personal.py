"""The deliveries of hidden, restored and saved messages to a user's own devices."""

from collections.abc import Sequence

from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.wire.personal import HiddenEvent, SavedEvent
from echosphere.realtime.delivery import ToUser


def deliver_hidden(event: MessagesHidden) -> Sequence[ToUser]:
    """Hide messages on all devices of the user."""
    payload = HiddenEvent(event.conversation, event.seqs, event.after)
    return (ToUser(event.user_id, "hidden", payload),)


def deliver_restored(event: MessagesRestored) -> Sequence[ToUser]:
    """Restore messages on all devices of the user."""
    payload = HiddenEvent(event.conversation, event.seqs, event.after)
    return (ToUser(event.user_id, "restored", payload),)


def deliver_saved(event: MessageSaved) -> Sequence[ToUser]:
    """Save or unsave a message on all devices of the user."""
    payload = SavedEvent(event.conversation, event.seq, event.on)
    return (ToUser(event.user_id, "saved", payload),)
