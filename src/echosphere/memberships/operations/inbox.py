"""The operations on a user's conversations, and sync."""

from echosphere.api import Declaration, Empty, Event, Operation, delete, get, post, put
from echosphere.conversations import ConversationCall, Members
from echosphere.core.caller import Caller
from echosphere.core.scopes import READS, SEES_MEMBERS
from echosphere.database import Database
from echosphere.memberships.inbox.clear import ClearConversation, UndoClear
from echosphere.memberships.inbox.list import get_conversation, list_conversations
from echosphere.memberships.inbox.sync import catch_up
from echosphere.memberships.limits import SYNC_RATE
from echosphere.memberships.receipts.deliver import MarkDelivered
from echosphere.memberships.receipts.read import MarkRead
from echosphere.memberships.receipts.recipients import receipt_statuses
from echosphere.memberships.wire.conversations import (
    ClearCall,
    ConversationEvent,
    Conversations,
    OneConversation,
    OwnEvent,
    conversation_shape,
    view_members,
)
from echosphere.memberships.wire.receipts import MessageReceipts, ReceiptEvent, ReceiptsEvent
from echosphere.memberships.wire.sync import SyncAnswer, SyncBody, SyncQuery, sync_answer
from echosphere.messages import CHANGE_RATE, MessageCall

CONVERSATION = "/conversations/<conversation>"
CLEARED = f"{CONVERSATION}/cleared"
EVENTS = (
    Event("conversation", (ConversationEvent,)),
    Event("own", (OwnEvent,)),
    Event("receipt", (ReceiptEvent,)),
    Event("receipts", (ReceiptsEvent,)),
)


class InboxOperations:
    """Serves a user's conversations, their members, positions and sync.

    Args:
        database: Where conversations are stored.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [
            Operation(self.list, get("/conversations"), scopes=READS),
            Operation(self.show, get(CONVERSATION), scopes=READS),
            Operation(self.members, get(f"{CONVERSATION}/members"), scopes=SEES_MEMBERS),
            Operation(self.read, put(f"{CONVERSATION}/read"), name="read"),
            Operation(self.delivered, put(f"{CONVERSATION}/delivered"), name="delivered"),
            Operation(self.clear, put(CLEARED), name="clear", rate=CHANGE_RATE),
            Operation(self.unclear, delete(CLEARED), name="unclear", rate=CHANGE_RATE),
            Operation(self.receipt_statuses, get(f"{CONVERSATION}/messages/<seq>/receipts")),
            Operation(self.sync, post("/sync"), name="sync", rate=SYNC_RATE, scopes=READS),
            Operation(self.sync_by_query, get("/sync"), rate=SYNC_RATE, scopes=READS),
            *EVENTS,
        ]

    async def list(self, caller: Caller, _: Empty) -> Conversations:
        """List the caller's conversations, newest first."""
        found = await self._database.read(list_conversations, caller.user_id)
        return Conversations([conversation_shape(one) for one in found])

    async def show(self, caller: Caller, call: ConversationCall) -> OneConversation:
        """Show a conversation with its members."""
        return await self._one(caller, call.conversation)

    async def members(self, caller: Caller, call: ConversationCall) -> Members:
        """List the members of a conversation."""
        found = await self._database.read(get_conversation, caller.user_id, call.conversation)
        return Members(view_members(found))

    async def read(self, caller: Caller, call: MessageCall) -> None:
        """Mark all messages up to this one as read."""
        await self._database.write(MarkRead(caller.user_id, call.conversation, call.seq))

    async def delivered(self, caller: Caller, call: MessageCall) -> None:
        """Mark all messages up to this one as delivered to the caller."""
        await self._database.write(MarkDelivered(caller.user_id, call.conversation, call.seq))

    async def clear(self, caller: Caller, call: ClearCall) -> OneConversation:
        """Clear a conversation for the caller up to a message, or delete it for them."""
        here = call.conversation
        command = ClearConversation(caller.user_id, here, call.seq, call.dropped)
        await self._database.write(command)
        return await self._one(caller, here)

    async def unclear(self, caller: Caller, call: ConversationCall) -> OneConversation:
        """Undo clearing a conversation, shortly after."""
        here = call.conversation
        await self._database.write(UndoClear(caller.user_id, here))
        return await self._one(caller, here)

    async def receipt_statuses(self, caller: Caller, call: MessageCall) -> MessageReceipts:
        """Show to whom a message was delivered and who read it."""
        return MessageReceipts(
            await self._database.read(receipt_statuses, caller.user_id, call.conversation, call.seq)
        )

    async def sync(self, caller: Caller, call: SyncBody) -> SyncAnswer:
        """Return what changed since the versions that the client holds."""
        asked = (call.versions, call.epoch, call.clearings)
        return sync_answer(await self._database.read(catch_up, caller.user_id, *asked))

    async def sync_by_query(self, caller: Caller, query: SyncQuery) -> SyncAnswer:
        """Return what changed since the versions in the query, given as JSON."""
        return await self.sync(caller, query.body())

    async def _one(self, caller: Caller, conversation: str) -> OneConversation:
        found = await self._database.read(get_conversation, caller.user_id, conversation)
        return OneConversation(conversation_shape(found))
