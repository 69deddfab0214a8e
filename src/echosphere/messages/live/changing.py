"""The Socket.IO door of what is done with a message, and what is sent when it changed."""

from collections.abc import Sequence

from echosphere.attachments import Attachment
from echosphere.caller import Caller
from echosphere.clock import MINUTE
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls, FanOut, ToMembers
from echosphere.messages.delete import delete_message
from echosphere.messages.edit import Edit, edit_message
from echosphere.messages.events import MessageChanged, MessageDeleted, MessageEdited, Sight
from echosphere.messages.forward import forward_message
from echosphere.messages.limits import CHANGE_RATE, POST_RATE
from echosphere.messages.message import Message
from echosphere.messages.pin import pin_message
from echosphere.messages.react import Reaction, react
from echosphere.messages.wire.changing import (
    EditCall,
    ForwardCall,
    MessageCall,
    ReactCall,
    SwitchCall,
    VersionEvent,
)
from echosphere.messages.wire.message import OneMessage, event_shape, message_shape, posted_shape
from echosphere.messages.wire.reading import SomeMessages


class ChangingLive:
    """Serves what changes a message for everybody, or takes it elsewhere."""

    def __init__(self, database: Database, limits: Limits, edit_minutes: int) -> None:
        self._database = database
        self._limits = limits
        self._edit_for = edit_minutes * MINUTE

    def serve(self, calls: Calls, fan_out: FanOut) -> None:
        """Add the calls and say what is sent."""
        calls.on("edit", EditCall, self.edit)
        calls.on("delete", MessageCall, self.delete)
        calls.on("react", ReactCall, self.react)
        calls.on("pin", SwitchCall, self.pin)
        calls.on("forward", ForwardCall, self.forward)
        fan_out.on(MessageEdited, changed)
        fan_out.on(MessageChanged, changed)
        fan_out.on(MessageDeleted, deleted)

    async def edit(self, caller: Caller, call: EditCall) -> OneMessage:
        """Change the words of a message."""
        self._limits.take(CHANGE_RATE, caller.user)
        edit = Edit(call.conversation, call.seq, call.body)
        return posted_shape(
            await self._database.write_in(
                call.conversation, edit_message, caller.user, edit, self._edit_for
            )
        )

    async def delete(self, caller: Caller, call: MessageCall) -> OneMessage:
        """Delete a message for everybody."""
        self._limits.take(CHANGE_RATE, caller.user)
        left = await self._database.write_in(
            call.conversation, delete_message, caller.user, call.conversation, call.seq
        )
        return OneMessage(message_shape(left, ()))

    async def react(self, caller: Caller, call: ReactCall) -> OneMessage:
        """Put an emoji under a message, or take it away."""
        self._limits.take(CHANGE_RATE, caller.user)
        reaction = Reaction(call.conversation, call.seq, call.emoji, call.on)
        return posted_shape(
            await self._database.write_in(call.conversation, react, caller.user, reaction)
        )

    async def pin(self, caller: Caller, call: SwitchCall) -> OneMessage:
        """Pin a message, or take its pin away."""
        # A line says that somebody pinned: it counts like what people write.
        self._limits.take(POST_RATE if call.on else CHANGE_RATE, caller.user)
        done = await self._database.write_in(
            call.conversation, pin_message, caller.user, call.conversation, call.seq, call.on
        )
        return posted_shape(done)

    async def forward(self, caller: Caller, call: ForwardCall) -> SomeMessages:
        """Copy a message to other conversations."""
        for _ in call.to:
            self._limits.take(POST_RATE, caller.user)
        done = await self._database.write_in(
            call.conversation,
            forward_message,
            caller.user,
            call.conversation,
            call.seq,
            call.targets(),
        )
        return SomeMessages([message_shape(one.message, one.attachments) for one in done])


def changed(event: MessageEdited | MessageChanged) -> Sequence[ToMembers]:
    """Send a message as it is now to those who may see it.

    What changed around its words needs not be sent if more of that was committed with it.
    """
    around = isinstance(event, MessageChanged)
    return _to_those_who_see(event.message, event.attachments, event.sight, may_pass=around)


def deleted(event: MessageDeleted) -> Sequence[ToMembers]:
    """Send what is left of a message to those who might have seen it."""
    return _to_those_who_see(event.message, (), event.sight)


def _to_those_who_see(
    message: Message, attachments: Sequence[Attachment], sight: Sight, *, may_pass: bool = False
) -> Sequence[ToMembers]:
    here, members_version = message.conversation, sight.members_version
    shown = event_shape(message, attachments)
    # Only the number: otherwise they would take the next event for a gap, and catch up.
    passed = VersionEvent(here, message.version)
    to_seeing = ToMembers(
        here,
        members_version,
        "message",
        shown,
        sight.seeing,
        row=(here, message.seq),
        passed=("version", passed) if may_pass else None,
    )
    if not sight.blind:
        return (to_seeing,)
    return (to_seeing, ToMembers(here, members_version, "version", passed, sight.blind))
