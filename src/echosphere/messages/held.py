"""What is held: a message, or other words for one, that the filter of a group found."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from echosphere.accounts import User

MAX_HELD = 50
"""Messages of one author that wait in one group."""

MAX_REASON = 500

_ids = msgspec.json.Decoder(list[str]).decode


class Held(NamedTuple):
    """A message, or other words for one, that waits or was refused.

    Attributes:
        attachments: Ids of files, as a JSON list.
        edits: The number of the message whose words it would change; None for a new one.
        reason: Why it was refused; None while it waits.
    """

    id: str
    conversation: str
    author: str
    key: str
    body: str
    reply_to: int | None
    attachments: str
    edits: int | None
    created_at: int
    reason: str | None = None

    @property
    def files(self) -> list[str]:
        """The ids of its files."""
        return _ids(self.attachments)


class HeldList(NamedTuple):
    """Held messages with their authors."""

    held: Sequence[Held]
    users: dict[str, User]
