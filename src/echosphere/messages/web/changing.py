"""The HTTP door of what is done with a message."""

from quart import Response

from echosphere.caller import Caller
from echosphere.clock import MINUTE
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.messages.delete import delete_message
from echosphere.messages.edit import Edit, edit_message
from echosphere.messages.forward import forward_message
from echosphere.messages.limits import CHANGE_RATE, POST_RATE
from echosphere.messages.pin import pin_message
from echosphere.messages.preview import remove_preview
from echosphere.messages.react import Reaction, react
from echosphere.messages.web.paths import ONE
from echosphere.messages.wire.changing import EditBody, ForwardBody, seq_in
from echosphere.messages.wire.message import OneMessage, message_shape, posted_shape
from echosphere.messages.wire.reading import SomeMessages
from echosphere.web import Api, Json


class ChangingApi:
    """Serves what changes a message for everybody, or takes it elsewhere."""

    def __init__(self, database: Database, limits: Limits, edit_minutes: int) -> None:
        self._database = database
        self._limits = limits
        self._edit_for = edit_minutes * MINUTE

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.patch(ONE, self.edit, body=EditBody, answer=OneMessage)
        api.delete(ONE, self.delete, answer=OneMessage)
        api.put(f"{ONE}/reactions/<emoji>", self.add_reaction, answer=OneMessage)
        api.delete(f"{ONE}/reactions/<emoji>", self.remove_reaction, answer=OneMessage)
        api.put(f"{ONE}/pin", self.pin, answer=OneMessage)
        api.delete(f"{ONE}/pin", self.unpin, answer=OneMessage)
        api.post(f"{ONE}/forward", self.forward, body=ForwardBody, answer=SomeMessages, status=201)
        api.delete(f"{ONE}/preview", self.remove_preview, answer=OneMessage)

    async def edit(self, caller: Caller, body: EditBody, conversation: str, seq: str) -> OneMessage:
        """Change the words of one's own message; the earlier ones stay to be seen."""
        self._limits.take(CHANGE_RATE, caller.user)
        edit = Edit(conversation, seq_in(seq), body.body)
        return posted_shape(
            await self._database.write_in(
                conversation, edit_message, caller.user, edit, self._edit_for
            )
        )

    async def delete(self, caller: Caller, conversation: str, seq: str) -> OneMessage:
        """Delete a message for everybody; its place stays."""
        self._limits.take(CHANGE_RATE, caller.user)
        left = await self._database.write_in(
            conversation, delete_message, caller.user, conversation, seq_in(seq)
        )
        return OneMessage(message_shape(left, ()))

    async def add_reaction(
        self, caller: Caller, conversation: str, seq: str, emoji: str
    ) -> OneMessage:
        """Put an emoji under a message."""
        return await self._react(caller, Reaction(conversation, seq_in(seq), emoji, on=True))

    async def remove_reaction(
        self, caller: Caller, conversation: str, seq: str, emoji: str
    ) -> OneMessage:
        """Take one's emoji away from a message."""
        return await self._react(caller, Reaction(conversation, seq_in(seq), emoji, on=False))

    async def _react(self, caller: Caller, reaction: Reaction) -> OneMessage:
        self._limits.take(CHANGE_RATE, caller.user)
        return posted_shape(
            await self._database.write_in(reaction.conversation, react, caller.user, reaction)
        )

    async def pin(self, caller: Caller, conversation: str, seq: str) -> OneMessage:
        """Pin a message in its conversation, for all members."""
        return await self._pin(caller, conversation, seq, on=True)

    async def unpin(self, caller: Caller, conversation: str, seq: str) -> OneMessage:
        """Take the pin of a message away."""
        return await self._pin(caller, conversation, seq, on=False)

    async def _pin(self, caller: Caller, conversation: str, seq: str, *, on: bool) -> OneMessage:
        # A line says that somebody pinned: it counts like what people write.
        self._limits.take(POST_RATE if on else CHANGE_RATE, caller.user)
        done = await self._database.write_in(
            conversation, pin_message, caller.user, conversation, seq_in(seq), on
        )
        return posted_shape(done)

    async def forward(
        self, caller: Caller, body: ForwardBody, conversation: str, seq: str
    ) -> Response:
        """Copy a message to other conversations; 200 when all the keys were known."""
        for _ in body.to:
            self._limits.take(POST_RATE, caller.user)
        done = await self._database.write_in(
            conversation, forward_message, caller.user, conversation, seq_in(seq), body.targets()
        )
        answer = SomeMessages([message_shape(one.message, one.attachments) for one in done])
        return Json.of(answer, 201 if any(one.new for one in done) else 200)

    async def remove_preview(self, caller: Caller, conversation: str, seq: str) -> OneMessage:
        """Take the preview of its link away from one's own message."""
        self._limits.take(CHANGE_RATE, caller.user)
        done = await self._database.write_in(
            conversation, remove_preview, caller.user, conversation, seq_in(seq)
        )
        return posted_shape(done)
