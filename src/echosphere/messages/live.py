"""The Socket.IO door of messages, and what is sent when something happened to one."""

from collections.abc import Sequence

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls, FanOut, ToMembers
from echosphere.messages.events import MessagePosted
from echosphere.messages.history import history_page
from echosphere.messages.limits import POST_RATE
from echosphere.messages.post import post_message
from echosphere.messages.wire import (
    HistoryCall,
    HistoryPage,
    MessageEvent,
    OneMessage,
    PostCall,
    message_shape,
    page_shape,
)


class MessagesLive:
    """Serves `post` and `history`."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, calls: Calls, fan_out: FanOut) -> None:
        """Add the calls and say what is sent."""
        calls.on("post", PostCall, self.post)
        calls.on("history", HistoryCall, self.history)
        fan_out.on(MessagePosted, posted)

    async def post(self, caller: Caller, call: PostCall) -> OneMessage:
        """Post a message."""
        self._limits.take(POST_RATE, caller.user)
        done = await self._database.write_in(
            call.conversation, post_message, caller.user, call.to_draft(call.conversation)
        )
        return OneMessage(message_shape(done.message, done.attachments))

    async def history(self, caller: Caller, call: HistoryCall) -> HistoryPage:
        """Read a page of messages."""
        page = await self._database.read(
            history_page, caller.user, call.conversation, call.to_where()
        )
        return page_shape(page)


def posted(event: MessagePosted) -> Sequence[ToMembers]:
    """Send a new message to the members."""
    message = event.message
    payload = MessageEvent(
        message.conversation, message.version, message_shape(message, event.attachments)
    )
    return (ToMembers(message.conversation, event.members_version, "message", payload),)
