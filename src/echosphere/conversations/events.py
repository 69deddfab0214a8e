"""What happened to a conversation."""

from dataclasses import dataclass

from echosphere.accounts import User
from echosphere.conversations.conversation import Conversation, Member


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    """Two people or a group can talk now; `users` holds the members' profiles."""

    conversation: Conversation
    members: tuple[Member, ...]
    users: dict[str, User]
