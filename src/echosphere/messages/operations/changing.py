"""What is served of changing a message for everybody, and of taking it elsewhere."""

from collections.abc import Sequence
from typing import Any

from echosphere.api import Existing, Operation, delete, patch, post, put
from echosphere.caller import Caller
from echosphere.clock import MINUTE
from echosphere.database import Database
from echosphere.limits import Rate
from echosphere.messages.delete import delete_message
from echosphere.messages.edit import Edit, edit_message
from echosphere.messages.forward import forward_message
from echosphere.messages.limits import CHANGE_RATE, POST_RATE
from echosphere.messages.operations.paths import ONE
from echosphere.messages.pin import pin_message
from echosphere.messages.preview import remove_preview
from echosphere.messages.react import Reaction, react
from echosphere.messages.wire.changing import (
    EditCall,
    ForwardCall,
    MessageCall,
    ReactCall,
    SwitchCall,
)
from echosphere.messages.wire.message import OneMessage, message_shape, posted_shape
from echosphere.messages.wire.reading import SomeMessages

REACTION = f"{ONE}/reactions/<emoji>"
PIN = f"{ONE}/pin"


class ChangingOperations:
    """Serves what changes a message for everybody, or takes it elsewhere."""

    def __init__(self, database: Database, edit_minutes: int) -> None:
        self._database = database
        self._edit_for = edit_minutes * MINUTE

    def all(self) -> list[Operation[Any]]:
        """Return the operations."""
        return [*self._of_words(), *self._of_marks(), self._of_copies()]

    def _of_words(self) -> list[Operation[Any]]:
        return [
            Operation(
                name="edit",
                run=self.edit,
                shape=EditCall,
                answer=OneMessage,
                rate=CHANGE_RATE,
                http=[patch(ONE)],
            ),
            Operation(
                name="delete",
                run=self.delete,
                shape=MessageCall,
                answer=OneMessage,
                rate=CHANGE_RATE,
                http=[delete(ONE)],
            ),
            Operation(
                run=self.remove_preview,
                shape=MessageCall,
                answer=OneMessage,
                rate=CHANGE_RATE,
                http=[delete(f"{ONE}/preview")],
            ),
        ]

    def _of_marks(self) -> list[Operation[Any]]:
        return [
            Operation(
                name="react",
                run=self.react,
                shape=ReactCall,
                answer=OneMessage,
                rate=CHANGE_RATE,
                http=[put(REACTION, on=True), delete(REACTION, on=False)],
            ),
            Operation(
                name="pin",
                run=self.pin,
                shape=SwitchCall,
                answer=OneMessage,
                rate=_cost_of_pin,
                http=[put(PIN, on=True), delete(PIN, on=False)],
            ),
        ]

    def _of_copies(self) -> Operation[Any]:
        return Operation(
            name="forward",
            run=self.forward,
            shape=ForwardCall,
            answer=SomeMessages,
            status=201,
            rate=_cost_of_copies,
            http=[post(f"{ONE}/forward")],
        )

    async def edit(self, caller: Caller, call: EditCall) -> OneMessage:
        """Change the words of one's own message; the earlier ones stay to be seen."""
        edit = Edit(call.conversation, call.seq, call.body)
        return posted_shape(
            await self._database.write_in(
                call.conversation, edit_message, caller.user, edit, self._edit_for
            )
        )

    async def delete(self, caller: Caller, call: MessageCall) -> OneMessage:
        """Delete a message for everybody; its place stays."""
        left = await self._database.write_in(
            call.conversation, delete_message, caller.user, call.conversation, call.seq
        )
        return OneMessage(message_shape(left, ()))

    async def react(self, caller: Caller, call: ReactCall) -> OneMessage:
        """Put an emoji under a message, or take one's own away."""
        reaction = Reaction(call.conversation, call.seq, call.emoji, call.on)
        return posted_shape(
            await self._database.write_in(call.conversation, react, caller.user, reaction)
        )

    async def pin(self, caller: Caller, call: SwitchCall) -> OneMessage:
        """Pin a message in its conversation, for all members, or take its pin away."""
        done = await self._database.write_in(
            call.conversation, pin_message, caller.user, call.conversation, call.seq, call.on
        )
        return posted_shape(done)

    async def forward(self, caller: Caller, call: ForwardCall) -> SomeMessages | Existing:
        """Copy a message to other conversations; 200 when all the keys were known."""
        done = await self._database.write_in(
            call.conversation,
            forward_message,
            caller.user,
            call.conversation,
            call.seq,
            call.targets(),
        )
        answer = SomeMessages([message_shape(one.message, one.attachments) for one in done])
        return answer if any(one.new for one in done) else Existing(answer)

    async def remove_preview(self, caller: Caller, call: MessageCall) -> OneMessage:
        """Take the preview of its link away from one's own message."""
        done = await self._database.write_in(
            call.conversation, remove_preview, caller.user, call.conversation, call.seq
        )
        return posted_shape(done)


def _cost_of_pin(call: SwitchCall) -> Sequence[Rate]:
    """A line says that somebody pinned: it counts like what people write."""
    return (POST_RATE if call.on else CHANGE_RATE,)


def _cost_of_copies(call: ForwardCall) -> Sequence[Rate]:
    """Each copy is a message."""
    return (POST_RATE,) * len(call.to)
