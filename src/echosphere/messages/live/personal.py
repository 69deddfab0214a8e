"""What a person's own devices are sent about what is hidden or saved for oneself."""

from collections.abc import Sequence

from echosphere.live import ToPerson
from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.wire.personal import HiddenEvent, SavedEvent


def hidden(event: MessagesHidden) -> Sequence[ToPerson]:
    """Hide messages on all devices of the person who did."""
    payload = HiddenEvent(event.conversation, event.seqs, event.after)
    return (ToPerson(event.person, "hidden", payload),)


def restored(event: MessagesRestored) -> Sequence[ToPerson]:
    """Show messages again on all devices of the person who had hidden them."""
    payload = HiddenEvent(event.conversation, event.seqs, event.after)
    return (ToPerson(event.person, "restored", payload),)


def saved(event: MessageSaved) -> Sequence[ToPerson]:
    """Keep a person's other devices equal."""
    payload = SavedEvent(event.conversation, event.seq, event.on)
    return (ToPerson(event.person, "saved", payload),)
