"""What happened to a conversation."""

from dataclasses import dataclass

from echosphere.accounts import User
from echosphere.conversations.conversation import Conversation, Member


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    """Two people or a group can talk now.

    Attributes:
        users: The members' profiles.
        apart: Those of them who see only the faces of some others, and of whom.
    """

    conversation: Conversation
    members: tuple[Member, ...]
    users: dict[str, User]
    apart: dict[str, set[str]]
