"""Where an imported message comes from: what it says about itself instead of the server."""

from collections.abc import Sequence

import msgspec

from echosphere.messages.message import Message


class EarlierText(msgspec.Struct, frozen=True):
    """A text that a message had before an edit, and when it was written, in milliseconds."""

    body: str
    created_at: int


class ImportOrigin(msgspec.Struct, frozen=True):
    """What only an import may set: times, earlier texts, and what others did to the message.

    A message with an origin is told to no one when it is stored.

    Attributes:
        created_at: When it was written, in milliseconds.
        edited_at: When it was last edited.
        earlier: Its earlier texts, oldest first.
        mentions: As a stored message has them, in JSON.
        mentions_all: Whether everyone was mentioned.
        reactions: As a stored message has them, in JSON.
        pinned_at: When it was pinned; None if it is not.
        pinned_by: The id of the user who pinned it.
        forwarded: It is a copy of another message.
    """

    created_at: int
    edited_at: int | None = None
    earlier: Sequence[EarlierText] = ()
    mentions: str | None = None
    mentions_all: bool = False
    reactions: str | None = None
    pinned_at: int | None = None
    pinned_by: str | None = None
    forwarded: bool = False

    def applied_to(self, message: Message) -> Message:
        """Return a message that is to be stored with what it brings along."""
        return message._replace(
            created_at=self.created_at,
            edited_at=self.edited_at,
            mentions=self.mentions,
            mentions_all=self.mentions_all,
            reactions=self.reactions,
            pinned_at=self.pinned_at,
            pinned_by=self.pinned_by,
            forwarded=self.forwarded,
            expires_at=None,
        )
