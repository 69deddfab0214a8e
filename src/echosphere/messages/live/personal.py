"""The Socket.IO door of what is hidden or saved for oneself, and what one's devices are sent."""

from collections.abc import Sequence

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls, FanOut, ToPerson
from echosphere.messages.hide import hide_messages
from echosphere.messages.limits import CHANGE_RATE
from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.restore import restore_messages
from echosphere.messages.save import save_message
from echosphere.messages.wire.changing import SwitchCall
from echosphere.messages.wire.personal import (
    HiddenEvent,
    HiddenUntil,
    HideCall,
    RestoreCall,
    SavedEvent,
)


class PersonalLive:
    """Serves what a person does with messages for themselves alone."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, calls: Calls, fan_out: FanOut) -> None:
        """Add the calls and say what is sent."""
        calls.on("save", SwitchCall, self.save)
        calls.on("hide", HideCall, self.hide)
        calls.on("restore", RestoreCall, self.restore)
        fan_out.on(MessagesHidden, hidden)
        fan_out.on(MessagesRestored, restored)
        fan_out.on(MessageSaved, saved)

    async def save(self, caller: Caller, call: SwitchCall) -> None:
        """Save a message for oneself, or forget it."""
        self._limits.take(CHANGE_RATE, caller.user)
        await self._database.write_in(
            caller.user, save_message, caller.user, call.conversation, call.seq, call.on
        )

    async def hide(self, caller: Caller, call: HideCall) -> HiddenUntil:
        """Delete messages for oneself."""
        self._limits.take(CHANGE_RATE, caller.user)
        # In the person's own lane: what they hid is told in the order of its numbers.
        after = await self._database.write_in(
            caller.user, hide_messages, caller.user, call.conversation, call.seqs
        )
        return HiddenUntil(after)

    async def restore(self, caller: Caller, call: RestoreCall) -> HiddenUntil:
        """Take back that one deleted messages for oneself."""
        self._limits.take(CHANGE_RATE, caller.user)
        after = await self._database.write_in(
            caller.user, restore_messages, caller.user, call.conversation, call.seqs
        )
        return HiddenUntil(after)


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
