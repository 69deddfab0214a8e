"""What is removed with a member, and who is kept out."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

from echosphere.core.clock import DAY, HOUR

REMOVED_FROM_GROUP = "You were removed from this group. Only its admins can add you again."
BANNED_FROM_GROUP = "This person is banned from the group. Unban them first."
EVER = 1_000_000 * DAY
NO_SUCH_BAN = "Ban not found."


class RemovedMessages(StrEnum):
    """Which messages of a removed member are deleted."""

    NONE = "none"
    HOUR = "hour"
    DAY = "day"
    ALL = "all"

    @property
    def oldest(self) -> int | None:
        """How old they are at most, in milliseconds; None for none."""
        spans = {RemovedMessages.HOUR: HOUR, RemovedMessages.DAY: DAY, RemovedMessages.ALL: EVER}
        return spans.get(self)


class Removal(msgspec.Struct, frozen=True):
    """How a member is removed."""

    messages: RemovedMessages = RemovedMessages.NONE
    banned: bool = False


class Ban(NamedTuple):
    """A user who is banned from a group, since when and by whom."""

    user: str
    banned_at: int
    banned_by: str | None
