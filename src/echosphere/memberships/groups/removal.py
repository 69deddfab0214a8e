"""What is removed with a member, and who is kept out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from echosphere.core.clock import DAY, HOUR

REMOVED_FROM_GROUP = "You were removed from this group. Only its admins can add you again."
BANNED_FROM_GROUP = "This person is banned from the group. Lift the ban first."
NO_SUCH_BAN = "There is no such ban."


class RemovedMessages(StrEnum):
    """Which messages of a removed member are deleted."""

    NONE = "none"
    HOUR = "hour"
    DAY = "day"
    ALL = "all"

    def since(self, now: int) -> int | None:
        """Return from when on they are deleted, in milliseconds; None for none."""
        spans = {RemovedMessages.HOUR: HOUR, RemovedMessages.DAY: DAY, RemovedMessages.ALL: now}
        return now - spans[self] if self in spans else None


@dataclass(frozen=True, slots=True)
class Removal:
    """How a member is removed."""

    messages: RemovedMessages = RemovedMessages.NONE
    banned: bool = False


class Ban(NamedTuple):
    """A user who is banned from a group, since when and by whom."""

    user: str
    banned_at: int
    banned_by: str | None
