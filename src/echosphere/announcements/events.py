"""What happened to announcements."""

import msgspec

from echosphere.announcements.announcement import Announcement


class Announced(msgspec.Struct, frozen=True):
    """Everyone is shown an announcement; `again` says that also those are who dismissed it."""

    announcement: Announcement
    again: bool


class AnnouncementWithdrawn(msgspec.Struct, frozen=True):
    """No one is shown it any more."""

    announcement: str


class AnnouncementDismissed(msgspec.Struct, frozen=True):
    """A user put it away: it disappears from all of their devices."""

    announcement: str
    user_id: str
