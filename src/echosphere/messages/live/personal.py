"""What a person's own devices are sent about what is hidden or saved for oneself."""

from collections.abc import Sequence

from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.wire.personal import HiddenEvent, SavedEvent
from echosphere.realtime.delivery import ToUser


def hidden(event: MessagesHidden) -> Sequence[ToUser]:
    """Hide messages on all devices of the person who did."""
    payload = HiddenEvent(event.conversation, event.seqs, event.after)
    return (ToUser(event.person, "hidden", payload),)


def restored(event: MessagesRestored) -> Sequence[ToUser]:
    """Show messages again on all devices of the person who had hidden them."""
    payload = HiddenEvent(event.conversation, event.seqs, event.after)
    return (ToUser(event.person, "restored", payload),)


def saved(event: MessageSaved) -> Sequence[ToUser]:
    """Keep a person's other devices equal."""
    payload = SavedEvent(event.conversation, event.seq, event.on)
    return (ToUser(event.person, "saved", payload),)
