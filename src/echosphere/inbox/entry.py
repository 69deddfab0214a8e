"""What one person has before them: a conversation with its last message and unread count."""

from typing import NamedTuple

from echosphere.conversations import Conversation, OwnFields
from echosphere.messages import Message


class Entry(NamedTuple):
    """A conversation in somebody's list.

    Attributes:
        joined_seq: The person sees messages with a higher `seq` only.
        unread: Messages of others, not deleted, after the person's read position; computed.
        mentions: How many of them mention the person.
    """

    conversation: Conversation
    joined_seq: int
    own: OwnFields
    unread: int
    mentions: int
    last_message: Message | None
