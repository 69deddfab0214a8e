"""What one person has before them: a conversation with its last message and unread count."""

from typing import NamedTuple

from echosphere.conversations import Conversation, OwnFields
from echosphere.messages import Message

MOST_COUNTED = 1_000
"""Unread messages are counted up to here: so many, or more."""


class Entry(NamedTuple):
    """A conversation in somebody's list.

    Attributes:
        joined_seq: The person sees messages with a higher `seq` only.
        unread: Messages of others, not deleted, after the person's read position; computed.
        mentions: How many of them mention the person; both are `MOST_COUNTED` at most.
    """

    conversation: Conversation
    joined_seq: int
    own: OwnFields
    unread: int
    mentions: int
    last_message: Message | None
