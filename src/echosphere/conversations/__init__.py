"""Conversations: direct and group; members, roles, access, positions and versions."""

from echosphere.conversations.access import access_conversation, access_to_change
from echosphere.conversations.conversation import (
    Access,
    Conversation,
    Kind,
    Member,
    OwnFields,
    Role,
)
from echosphere.conversations.events import ConversationStarted
from echosphere.conversations.start import start_direct, start_group
from echosphere.conversations.store import (
    audience_of,
    members_of,
    members_of_direct_conversations,
    set_own_fields,
    set_read,
    take_seq,
)
from echosphere.conversations.wire import Members, MemberShape, StartConversation, member_shapes

__all__ = [
    "Access",
    "Conversation",
    "ConversationStarted",
    "Kind",
    "Member",
    "MemberShape",
    "Members",
    "OwnFields",
    "Role",
    "StartConversation",
    "access_conversation",
    "access_to_change",
    "audience_of",
    "member_shapes",
    "members_of",
    "members_of_direct_conversations",
    "set_own_fields",
    "set_read",
    "start_direct",
    "start_group",
    "take_seq",
]
