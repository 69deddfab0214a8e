"""The HTTP door of posting."""

from quart import Response

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.messages.limits import POST_RATE
from echosphere.messages.post import post_message
from echosphere.messages.web.paths import PATH
from echosphere.messages.wire.message import OneMessage, PostBody, posted_shape
from echosphere.web import Api, Json


class PostingApi:
    """Takes messages in."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.post(PATH, self.post, body=PostBody, answer=OneMessage, status=201)

    async def post(self, caller: Caller, body: PostBody, conversation: str) -> Response:
        """Post a message; 200 instead of 201 when the key was known."""
        self._limits.take(POST_RATE, caller.user)
        done = await self._database.write_in(
            conversation, post_message, caller.user, body.to_draft(conversation)
        )
        return Json.of(posted_shape(done), 201 if done.new else 200)
