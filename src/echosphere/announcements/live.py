"""Shows and removes announcements on everyone's devices."""

from collections.abc import Sequence

from echosphere.announcements.events import (
    Announced,
    AnnouncementDismissed,
    AnnouncementWithdrawn,
)
from echosphere.announcements.wire import (
    AnnouncementEvent,
    AnnouncementGoneEvent,
    AnnouncementShape,
)
from echosphere.realtime.delivery import FanOut, ToEverybody, ToUser


def serve(fan_out: FanOut) -> None:
    """Send the event `announcement`."""
    fan_out.on(Announced, _announced)
    fan_out.on(AnnouncementWithdrawn, _withdrawn)
    fan_out.on(AnnouncementDismissed, _dismissed)


def _announced(event: Announced) -> Sequence[ToEverybody | ToUser]:
    one = event.announcement
    shape = AnnouncementShape(one.id, one.severity, one.text, one.created_at, one.ends_at)
    shown = AnnouncementEvent(shape, event.again)
    if one.for_user is not None:
        return (ToUser(one.for_user, "announcement", shown),)
    return (ToEverybody("announcement", shown),)


def _withdrawn(event: AnnouncementWithdrawn) -> Sequence[ToEverybody]:
    return (ToEverybody("announcement", AnnouncementGoneEvent(event.announcement)),)


def _dismissed(event: AnnouncementDismissed) -> Sequence[ToUser]:
    gone = AnnouncementGoneEvent(event.announcement)
    return (ToUser(event.user_id, "announcement", gone),)
