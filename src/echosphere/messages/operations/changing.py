"""The operations that change or forward a message."""

from collections.abc import Sequence

from msgspec import UNSET

from echosphere.api import Existing, Operation, delete, patch, post, put
from echosphere.core.caller import Caller
from echosphere.core.clock import MINUTE
from echosphere.core.rate_limits import Rate
from echosphere.core.scopes import REACTS, WRITES
from echosphere.database import Database
from echosphere.messages.delete import DeleteMessage
from echosphere.messages.edit import EditMessage
from echosphere.messages.forward import ForwardMessage
from echosphere.messages.limits import CHANGE_RATE, POST_RATE
from echosphere.messages.operations.buttons import require_may_send_actions
from echosphere.messages.operations.paths import ONE
from echosphere.messages.parts.actions import clean_actions
from echosphere.messages.pin import PinMessage
from echosphere.messages.preview import RemovePreview
from echosphere.messages.react import SetReaction
from echosphere.messages.wire.changing import (
    EditCall,
    ForwardCall,
    MessageCall,
    ReactCall,
    SwitchCall,
)
from echosphere.messages.wire.held import PostAnswer, answer_of
from echosphere.messages.wire.message import OneMessage, message_shape, posted_shape
from echosphere.messages.wire.reading import SomeMessages
from echosphere.settings import LiveSettings

REACTION = f"{ONE}/reactions/<emoji>"
PIN = f"{ONE}/pin"


class ChangingOperations:
    """Edits, deletes, pins and forwards messages, and reacts to them."""

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.edit, patch(ONE), name="edit", rate=CHANGE_RATE, scopes=WRITES),
            Operation(self.delete, delete(ONE), name="delete", rate=CHANGE_RATE, scopes=WRITES),
            Operation(self.remove_preview, delete(f"{ONE}/preview"), rate=CHANGE_RATE),
            Operation(
                self.react,
                put(REACTION, on=True),
                delete(REACTION, on=False),
                name="react",
                rate=CHANGE_RATE,
                scopes=REACTS,
            ),
            Operation(
                self.pin, put(PIN, on=True), delete(PIN, on=False), name="pin", rate=_cost_of_pin
            ),
            Operation(
                self.forward,
                post(f"{ONE}/forward"),
                name="forward",
                rate=_cost_of_copies,
                status=201,
            ),
        ]

    async def edit(self, caller: Caller, call: EditCall) -> PostAnswer:
        """Edit the caller's own message; earlier versions can still be viewed."""
        if call.actions is not UNSET:
            require_may_send_actions(caller)
        command = EditMessage(
            conversation=call.conversation,
            seq=call.seq,
            actor=caller.user_id,
            body=call.body,
            edit_for=self._live.current.edit_minutes * MINUTE,
            actions=None if call.actions is UNSET else clean_actions(call.actions),
        )
        return answer_of(await self._database.write(command))

    async def delete(self, caller: Caller, call: MessageCall) -> OneMessage:
        """Delete a message for everyone; a placeholder stays."""
        erased = await self._database.write(
            DeleteMessage(call.conversation, call.seq, caller.user_id)
        )
        return OneMessage(message_shape(erased, ()))

    async def react(self, caller: Caller, call: ReactCall) -> OneMessage:
        """Add a reaction to a message, or remove the caller's own."""
        command = SetReaction(call.conversation, call.seq, caller.user_id, call.emoji, call.on)
        return posted_shape(await self._database.write(command))

    async def pin(self, caller: Caller, call: SwitchCall) -> OneMessage:
        """Pin a message in its conversation for all members, or unpin it."""
        command = PinMessage(call.conversation, call.seq, caller.user_id, call.on)
        return posted_shape(await self._database.write(command))

    async def forward(self, caller: Caller, call: ForwardCall) -> SomeMessages | Existing:
        """Forward a message to other conversations; 200 if all keys were known."""
        done = await self._database.write(
            ForwardMessage(call.conversation, call.seq, caller.user_id, call.targets())
        )
        answer = SomeMessages([message_shape(one.message, one.attachments) for one in done])
        return answer if any(one.new for one in done) else Existing(answer)

    async def remove_preview(self, caller: Caller, call: MessageCall) -> OneMessage:
        """Remove the link preview from the caller's own message."""
        command = RemovePreview(call.conversation, call.seq, caller.user_id)
        return posted_shape(await self._database.write(command))


def _cost_of_pin(call: SwitchCall) -> Sequence[Rate]:
    """Pinning posts a system message, so it counts as a post."""
    return (POST_RATE if call.on else CHANGE_RATE,)


def _cost_of_copies(call: ForwardCall) -> Sequence[Rate]:
    """Each copy is a message."""
    return (POST_RATE,) * len(call.to)
