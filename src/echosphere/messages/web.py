"""The HTTP door of messages."""

from quart import Response

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.messages.history import history_page
from echosphere.messages.limits import POST_RATE
from echosphere.messages.post import post_message
from echosphere.messages.wire import (
    HistoryPage,
    HistoryQuery,
    OneMessage,
    PostBody,
    message_shape,
    page_shape,
)
from echosphere.web import Api, Json

PATH = "/conversations/<conversation>/messages"


class MessagesApi:
    """Serves the messages of a conversation."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.post(PATH, self.post, body=PostBody, answer=OneMessage, status=201)
        api.get(PATH, self.history, query=HistoryQuery, answer=HistoryPage)

    async def post(self, caller: Caller, body: PostBody, conversation: str) -> Response:
        """Post a message; 200 instead of 201 when the key was known."""
        self._limits.take(POST_RATE, caller.user)
        done = await self._database.write_in(
            conversation, post_message, caller.user, body.to_draft(conversation)
        )
        answer = OneMessage(message_shape(done.message, done.attachments))
        return Json.of(answer, 201 if done.new else 200)

    async def history(self, caller: Caller, query: HistoryQuery, conversation: str) -> HistoryPage:
        """Read a page of messages, ascending by number."""
        page = await self._database.read(history_page, caller.user, conversation, query.to_where())
        return page_shape(page)
