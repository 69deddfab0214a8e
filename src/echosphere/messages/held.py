"""What is held: a message, or other words for one, that the filter of a group found."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from echosphere.accounts import User

MAX_HELD = 50
"""Messages of one author that wait in one group."""

MAX_REASON = 500
PAGE = 50
"""Held messages in one answer."""

_ids = msgspec.json.Decoder(list[str]).decode


class Held(NamedTuple):
    """A message, or other words for one, that waits or was refused.

    Attributes:
        attachments: Ids of files, as a JSON list.
        edits: The number of the message whose words it would change; None for a new one.
        reason: Why it was refused; None while it waits.
        expires_at: When it disappears, released or not, in milliseconds; None for never.
        parts: As in `Message`.
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
    expires_at: int | None = None
    parts: str | None = None

    @property
    def files(self) -> list[str]:
        """The ids of its files."""
        return _ids(self.attachments)


class HeldPage(NamedTuple):
    """Some held messages with their authors, as the viewer sees them.

    Attributes:
        held: The messages, the first held first.
        users: Their authors by id.
        file_names: The names of their files by id, of those that are still there.
        next: After which position to go on; None at the end.
    """

    held: Sequence[Held]
    users: dict[str, User]
    file_names: dict[str, str]
    next: str | None
