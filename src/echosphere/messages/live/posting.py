"""The Socket.IO door of posting, and what is sent when something was posted."""

from collections.abc import Sequence

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls, FanOut, ToMembers
from echosphere.messages.events import MessagePosted
from echosphere.messages.limits import POST_RATE
from echosphere.messages.post import post_message
from echosphere.messages.wire.message import OneMessage, PostCall, event_shape, posted_shape


class PostingLive:
    """Takes messages in."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, calls: Calls, fan_out: FanOut) -> None:
        """Add the calls and say what is sent."""
        calls.on("post", PostCall, self.post)
        fan_out.on(MessagePosted, posted)

    async def post(self, caller: Caller, call: PostCall) -> OneMessage:
        """Post a message."""
        self._limits.take(POST_RATE, caller.user)
        done = await self._database.write_in(
            call.conversation, post_message, caller.user, call.to_draft(call.conversation)
        )
        return posted_shape(done)


def posted(event: MessagePosted) -> Sequence[ToMembers]:
    """Send a new message to the members."""
    message = event.message
    payload = event_shape(message, event.attachments)
    return (ToMembers(message.conversation, event.members_version, "message", payload),)
