"""What happened to a conversation."""

import msgspec

from echosphere.accounts import User
from echosphere.conversations.conversation import Conversation, Member


class ConversationStarted(msgspec.Struct, frozen=True):
    """A conversation was started.

    Attributes:
        users: The members' profiles.
        blocked_pairs: The ids of the members across a block from others, with those others' ids.
    """

    conversation: Conversation
    members: tuple[Member, ...]
    users: dict[str, User]
    blocked_pairs: dict[str, set[str]]
