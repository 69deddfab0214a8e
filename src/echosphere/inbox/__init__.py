"""The inbox: one person's conversations with last message and unread counts, and catching up."""

from echosphere.inbox.change_own import change_own as change_own_fields
from echosphere.inbox.list import get_conversation
from echosphere.inbox.live import InboxLive
from echosphere.inbox.operations import InboxOperations
from echosphere.inbox.recount import recount_mentions, recount_shown
from echosphere.inbox.wire import (
    ConversationEvent,
    OneConversation,
    OwnChanges,
    conversation_event,
    conversation_shape,
)

__all__ = [
    "ConversationEvent",
    "InboxLive",
    "InboxOperations",
    "OneConversation",
    "OwnChanges",
    "change_own_fields",
    "conversation_event",
    "conversation_shape",
    "get_conversation",
    "recount_mentions",
    "recount_shown",
]
