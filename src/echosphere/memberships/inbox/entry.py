"""An entry of a user's inbox: a conversation with its last message and unread counts."""

from typing import NamedTuple

from echosphere.conversations import Conversation, MemberSettings
from echosphere.messages import Message

MAX_COUNTED = 1_000
"""Unread messages are counted up to this number, which stands for "this many or more"."""


class Cleared(NamedTuple):
    """What a user cleared for themselves, as sent to their devices.

    Attributes:
        seq: Messages up to this one are hidden.
        version: How often this changed.
        until: When the last hidden message was posted, in milliseconds; it keeps the conversation's
            position in the list. None if none is hidden.
        dropped: The user deleted the conversation, and no message was posted since.
    """

    seq: int
    version: int
    until: int | None
    dropped: bool


class InboxEntry(NamedTuple):
    """A conversation in a user's list.

    Attributes:
        cleared: What the user cleared for themselves.
        unread: Messages of others after the user's read position, without deleted ones.
        mentions: How many of them mention the user; both counts end at `MAX_COUNTED`.
        last_message: The last one that the user may see, if any.
    """

    conversation: Conversation
    member_settings: MemberSettings
    cleared: Cleared
    unread: int
    mentions: int
    last_message: Message | None
