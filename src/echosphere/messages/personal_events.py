"""The events of messages that concern one user only."""

from collections.abc import Sequence

import msgspec


class MessagesHidden(msgspec.Struct, frozen=True):
    """A user hid messages; `after` is the last id in the user's list of hidden messages."""

    user_id: str
    conversation: str
    seqs: Sequence[int]
    after: int


class MessagesRestored(msgspec.Struct, frozen=True):
    """A user restored hidden messages; `after` is the last id in the list of hidden messages."""

    user_id: str
    conversation: str
    seqs: Sequence[int]
    after: int


class MessageSaved(msgspec.Struct, frozen=True):
    """A user saved a message, or removed it from the saved ones."""

    user_id: str
    conversation: str
    seq: int
    on: bool
