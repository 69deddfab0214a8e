"""The inbox: one person's conversations with last message and unread counts, and catching up."""

from echosphere.inbox.change_own import change_own as change_own_fields
from echosphere.inbox.list import get_conversation
from echosphere.inbox.wire import (
    ConversationEvent,
    OneConversation,
    OwnChanges,
    conversation_event,
    conversation_shape,
)
from echosphere.inbox.wiring import install

__all__ = [
    "ConversationEvent",
    "OneConversation",
    "OwnChanges",
    "change_own_fields",
    "conversation_event",
    "conversation_shape",
    "get_conversation",
    "install",
]
