"""What one person has before them: a conversation with its last message and unread count."""

from typing import NamedTuple

from echosphere.conversations import Conversation, MemberSettings
from echosphere.messages import Message

MAX_COUNTED = 1_000
"""Unread messages are counted up to here: so many, or more."""


class Cleared(NamedTuple):
    """What a person cleared for themselves, as it is told.

    Attributes:
        seq: Everything up to it is out of their sight.
        version: How often that changed.
        until: When the last message of it was posted: by that the conversation keeps its place in
            the list; None where there was none.
        dropped: The person deleted the conversation, and nobody has written since.
    """

    seq: int
    version: int
    until: int | None
    dropped: bool


class InboxEntry(NamedTuple):
    """A conversation in somebody's list.

    Attributes:
        cleared: What the person cleared for themselves.
        unread: Messages of others, not deleted, after the person's read position; computed.
        mentions: How many of them mention the person; both are `MAX_COUNTED` at most.
    """

    conversation: Conversation
    member_settings: MemberSettings
    cleared: Cleared
    unread: int
    mentions: int
    last_message: Message | None
