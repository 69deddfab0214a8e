"""The HTTP door of a person's conversations."""

from quart import Response

from echosphere.caller import Caller
from echosphere.conversations import (
    Members,
    StartConversation,
    member_shapes,
    start_direct,
    start_group,
)
from echosphere.database import Database
from echosphere.errors import Invalid
from echosphere.inbox.catch_up import catch_up
from echosphere.inbox.change_own import change_own
from echosphere.inbox.list import get_conversation, list_conversations
from echosphere.inbox.read import mark_read
from echosphere.inbox.wire import (
    Conversations,
    OneConversation,
    OwnChanges,
    ReadBody,
    SyncAnswer,
    SyncBody,
    SyncQuery,
    Versions,
    conversation_shape,
    sync_answer,
)
from echosphere.limits import Limits, Rate
from echosphere.web import Api, Json
from echosphere.wire import decode

CONVERSATION = "/conversations/<conversation>"
START_RATE = Rate("conversations", burst=30, every=10)


class InboxApi:
    """Serves conversations, their members, read positions and catching up."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get("/conversations", self.list, answer=Conversations)
        api.post(
            "/conversations",
            self.start,
            body=StartConversation,
            answer=OneConversation,
            status=201,
        )
        api.get(CONVERSATION, self.show, answer=OneConversation)
        api.patch(CONVERSATION, self.change, body=OwnChanges, answer=OneConversation)
        api.get(f"{CONVERSATION}/members", self.members, answer=Members)
        api.put(f"{CONVERSATION}/read", self.read, body=ReadBody, status=204)
        api.post("/sync", self.sync, body=SyncBody, answer=SyncAnswer)
        api.get("/sync", self.sync_by_query, query=SyncQuery, answer=SyncAnswer)

    async def list(self, caller: Caller) -> Conversations:
        """List the caller's conversations, newest first."""
        found = await self._database.read(list_conversations, caller.user)
        return Conversations([conversation_shape(one) for one in found])

    async def start(self, caller: Caller, body: StartConversation) -> Response:
        """Start a direct conversation or a group; an existing direct one is returned with 200."""
        self._limits.take(START_RATE, caller.user)
        if body.kind == "direct":
            body.require("user")
            user = str(body.user)
            started = await self._database.write(start_direct, caller.user, user)
        else:
            body.require("title", "members")
            people = body.members if isinstance(body.members, list) else []
            started = await self._database.write(start_group, caller.user, str(body.title), people)
        conversation, new = started
        return Json.of(await self._one(caller, conversation), 201 if new else 200)

    async def show(self, caller: Caller, conversation: str) -> OneConversation:
        """Show a conversation with its members."""
        return await self._one(caller, conversation)

    async def change(self, caller: Caller, body: OwnChanges, conversation: str) -> OneConversation:
        """Change the caller's own fields: muted, pinned, archived, draft."""
        await self._database.write_in(
            conversation, change_own, caller.user, conversation, body.given()
        )
        return await self._one(caller, conversation)

    async def members(self, caller: Caller, conversation: str) -> Members:
        """List the members of a conversation."""
        found = await self._database.read(get_conversation, caller.user, conversation)
        return Members(member_shapes(found.members or (), found.users))

    async def read(self, caller: Caller, body: ReadBody, conversation: str) -> None:
        """Count everything up to a message as read."""
        await self._database.write_in(conversation, mark_read, caller.user, conversation, body.seq)

    async def sync(self, caller: Caller, body: SyncBody) -> SyncAnswer:
        """Tell what changed since the versions that the client holds."""
        return sync_answer(await self._database.read(catch_up, caller.user, body.versions))

    async def sync_by_query(self, caller: Caller, query: SyncQuery) -> SyncAnswer:
        """Tell what changed since the versions in the query, as JSON."""
        try:
            versions = decode(Versions, query.versions.encode())
        except Invalid:
            problem = "must be a JSON object of conversations and versions"
            raise Invalid(f"'versions' {problem}.", fields={"versions": problem}) from None
        return sync_answer(await self._database.read(catch_up, caller.user, versions))

    async def _one(self, caller: Caller, conversation: str) -> OneConversation:
        found = await self._database.read(get_conversation, caller.user, conversation)
        return OneConversation(conversation_shape(found))
