"""The Socket.IO door of a person's conversations, and what is sent when something changed."""

from collections.abc import Sequence

from echosphere.caller import Caller
from echosphere.conversations import ConversationStarted, member_shapes
from echosphere.database import Database
from echosphere.inbox.catch_up import catch_up
from echosphere.inbox.events import MessagesRead, OwnChanged
from echosphere.inbox.read import mark_read
from echosphere.inbox.wire import (
    ConversationEvent,
    ReadCall,
    ReceiptEvent,
    SyncAnswer,
    SyncBody,
    own_shape,
    sync_answer,
)
from echosphere.live import Calls, FanOut, ToMembers, ToPerson


class InboxLive:
    """Serves `read` and `sync`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, calls: Calls, fan_out: FanOut) -> None:
        """Add the calls and say what is sent."""
        calls.on("read", ReadCall, self.read)
        calls.on("sync", SyncBody, self.sync)
        fan_out.on(ConversationStarted, started)
        fan_out.on(MessagesRead, read)
        fan_out.on(OwnChanged, own_changed)

    async def read(self, caller: Caller, call: ReadCall) -> None:
        """Count messages as read."""
        await self._database.write_in(
            call.conversation, mark_read, caller.user, call.conversation, call.seq
        )

    async def sync(self, caller: Caller, call: SyncBody) -> SyncAnswer:
        """Tell what changed since the versions held."""
        return sync_answer(await self._database.read(catch_up, caller.user, call.versions))


def started(event: ConversationStarted) -> Sequence[ToMembers]:
    """Tell the members that they can talk now."""
    conversation = event.conversation
    payload = ConversationEvent(
        conversation=conversation.id,
        version=conversation.version,
        members_version=conversation.members_version,
        kind=conversation.kind.value,
        title=conversation.title,
        avatar_url=conversation.avatar,
        created_at=conversation.created_at,
        members=member_shapes(event.members, event.users),
    )
    return (ToMembers(conversation.id, conversation.members_version, "conversation", payload),)


def read(event: MessagesRead) -> Sequence[ToMembers]:
    """Show the members how far somebody has read."""
    payload = ReceiptEvent(event.conversation, event.person, event.read_seq)
    return (ToMembers(event.conversation, event.members_version, "receipt", payload),)


def own_changed(event: OwnChanged) -> Sequence[ToPerson]:
    """Keep a person's other devices equal."""
    return (ToPerson(event.person, "own", own_shape(event.entry)),)
