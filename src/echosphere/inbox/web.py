"""The HTTP door of a person's conversations."""

from collections.abc import Mapping

from echosphere.caller import Caller
from echosphere.conversations import Members
from echosphere.database import Database
from echosphere.errors import Invalid
from echosphere.inbox.catch_up import catch_up
from echosphere.inbox.deliver import mark_delivered
from echosphere.inbox.limits import SYNC_RATE
from echosphere.inbox.list import get_conversation, list_conversations
from echosphere.inbox.read import mark_read
from echosphere.inbox.receipts import seen_by
from echosphere.inbox.wire import (
    Conversations,
    OneConversation,
    ReachedAnswer,
    ReadBody,
    SyncAnswer,
    SyncBody,
    SyncQuery,
    Versions,
    conversation_shape,
    described_members,
    sync_answer,
)
from echosphere.limits import Limits
from echosphere.messages import seq_in
from echosphere.web import Api
from echosphere.wire import decode

CONVERSATION = "/conversations/<conversation>"


class InboxApi:
    """Serves conversations, their members, read positions and catching up."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get("/conversations", self.list, answer=Conversations)
        api.get(CONVERSATION, self.show, answer=OneConversation)
        api.get(f"{CONVERSATION}/members", self.members, answer=Members)
        api.put(f"{CONVERSATION}/read", self.read, body=ReadBody, status=204)
        api.put(f"{CONVERSATION}/delivered", self.delivered, body=ReadBody, status=204)
        api.get(f"{CONVERSATION}/messages/<seq>/receipts", self.seen_by, answer=ReachedAnswer)
        api.post("/sync", self.sync, body=SyncBody, answer=SyncAnswer)
        api.get("/sync", self.sync_by_query, query=SyncQuery, answer=SyncAnswer)

    async def list(self, caller: Caller) -> Conversations:
        """List the caller's conversations, newest first."""
        found = await self._database.read(list_conversations, caller.user)
        return Conversations([conversation_shape(one) for one in found])

    async def show(self, caller: Caller, conversation: str) -> OneConversation:
        """Show a conversation with its members."""
        return await self._one(caller, conversation)

    async def members(self, caller: Caller, conversation: str) -> Members:
        """List the members of a conversation."""
        found = await self._database.read(get_conversation, caller.user, conversation)
        return Members(described_members(found))

    async def read(self, caller: Caller, body: ReadBody, conversation: str) -> None:
        """Count everything up to a message as read."""
        await self._database.write_in(conversation, mark_read, caller.user, conversation, body.seq)

    async def delivered(self, caller: Caller, body: ReadBody, conversation: str) -> None:
        """Tell that everything up to a message has reached one of the caller's devices."""
        await self._database.write_in(
            conversation, mark_delivered, caller.user, conversation, body.seq
        )

    async def seen_by(self, caller: Caller, conversation: str, seq: str) -> ReachedAnswer:
        """Show whom a message has reached and who has read it."""
        found = await self._database.read(seen_by, caller.user, conversation, seq_in(seq))
        return ReachedAnswer(found)

    async def sync(self, caller: Caller, body: SyncBody) -> SyncAnswer:
        """Tell what changed since the versions that the client holds."""
        return await self._caught_up(caller, body.versions, body.epoch)

    async def sync_by_query(self, caller: Caller, query: SyncQuery) -> SyncAnswer:
        """Tell what changed since the versions in the query, as JSON."""
        try:
            versions = decode(Versions, query.versions.encode())
        except Invalid:
            problem = "must be a JSON object of conversations and versions"
            raise Invalid(f"'versions' {problem}.", fields={"versions": problem}) from None
        return await self._caught_up(caller, versions, query.epoch)

    async def _caught_up(
        self, caller: Caller, versions: Mapping[str, int], epoch: str | None
    ) -> SyncAnswer:
        self._limits.take(SYNC_RATE, caller.user)
        return sync_answer(await self._database.read(catch_up, caller.user, versions, epoch))

    async def _one(self, caller: Caller, conversation: str) -> OneConversation:
        found = await self._database.read(get_conversation, caller.user, conversation)
        return OneConversation(conversation_shape(found))
