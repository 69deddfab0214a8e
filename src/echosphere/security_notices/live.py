"""Shows security events on the devices of their owner."""

from collections.abc import Sequence

from echosphere.realtime.delivery import FanOut, ToUser
from echosphere.security_notices.record import SecurityEventRecorded
from echosphere.security_notices.wire import SecurityNoticeEvent


def serve(fan_out: FanOut) -> None:
    """Send the event `security`."""
    fan_out.on(SecurityEventRecorded, _to_owner)


def _to_owner(event: SecurityEventRecorded) -> Sequence[ToUser]:
    return (ToUser(event.user_id, "security", SecurityNoticeEvent(event.notice)),)
