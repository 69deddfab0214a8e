"""Tracks in memory which devices of each user are connected, and their status."""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from time import monotonic

import msgspec

RECONNECT_GRACE = 10.0
"""Seconds before a user without devices counts as offline: reloading a page must not show."""


class Status(StrEnum):
    """The status of a user or a device."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class LastDisconnect(msgspec.Struct, frozen=True):
    """When the last device of a user disconnected.

    Attributes:
        since: Seconds of a monotonic clock.
        at: The server's time in milliseconds.
        status: The user's status until then.
    """

    since: float
    at: int
    status: Status


class PresenceTracker:
    """The connected devices of each user.

    Args:
        now: A monotonic clock, in seconds.
        elsewhere: Yields a user's statuses in other processes.
    """

    def __init__(
        self,
        now: Callable[[], float] = monotonic,
        *,
        elsewhere: Callable[[str], Iterable[str]] = lambda _user_id: (),
    ) -> None:
        self._now = now
        self._elsewhere = elsewhere
        self._devices: dict[str, dict[str, Status]] = {}
        self._disconnected: dict[str, LastDisconnect] = {}

    def connect(self, user_id: str, device: str) -> None:
        """Add a device; it counts as online until it says otherwise."""
        self._devices.setdefault(user_id, {})[device] = Status.ONLINE

    def set_status(self, user_id: str, device: str, status: Status) -> None:
        """Set the status of a device; unknown devices are ignored."""
        devices = self._devices.get(user_id, {})
        if device in devices:
            devices[device] = status

    def disconnect(self, user_id: str, device: str, at: int) -> None:
        """Remove a device, at a time in milliseconds."""
        before = self.status_of(user_id)
        devices = self._devices.get(user_id, {})
        if devices.pop(device, None) is not None and not devices:
            del self._devices[user_id]
            if not any(self._elsewhere(user_id)):
                self._disconnected[user_id] = LastDisconnect(self._now(), at, before)

    def status_of(self, user_id: str) -> Status:
        """Return a user's status: online if any device is online, away if all are away."""
        here = self.status_here(user_id)
        if here is Status.ONLINE:  # whatever the others say
            return here
        connected = set(self._elsewhere(user_id))
        if here is not None:
            connected.add(here)
        if connected:
            return Status.ONLINE if Status.ONLINE in connected else Status.AWAY
        last = self._disconnected.get(user_id)
        if last is not None and self._now() < last.since + RECONNECT_GRACE:
            return last.status
        return Status.OFFLINE

    def status_here(self, user_id: str) -> Status | None:
        """Return a user's status by the devices of this process; None without any."""
        devices = self._devices.get(user_id)
        if not devices:
            return None
        return Status.ONLINE if Status.ONLINE in devices.values() else Status.AWAY

    def forget_disconnect(self, user_id: str) -> None:
        """Forget a user's last disconnect: by now a device is connected to another process."""
        self._disconnected.pop(user_id, None)

    def lose(self, user_id: str, at: int) -> None:
        """Note that a user's devices of another process are gone, at a time in milliseconds."""
        if self.status_here(user_id) is None and not any(self._elsewhere(user_id)):
            self._disconnected[user_id] = LastDisconnect(self._now(), at, Status.ONLINE)

    def offline_at(self, user_id: str) -> float | None:
        """Return when a disconnected user will count as offline; None while a device is connected.

        The time is that of the monotonic clock, in seconds.
        """
        last = self._disconnected.get(user_id)
        return None if last is None or user_id in self._devices else last.since + RECONNECT_GRACE

    def pop_last_seen(self, user_id: str) -> int | None:
        """Forget a user's last disconnect and return its time in milliseconds.

        None if there was none, or a device is connected again.
        """
        last = self._disconnected.pop(user_id, None)
        return None if last is None or user_id in self._devices else last.at

    def connected_here(self) -> frozenset[str]:
        """Return the users who have a device connected to this process."""
        return frozenset(self._devices)

    def user_ids(self) -> Collection[str]:
        """Return all users who are connected, or whose last disconnect is still kept."""
        return {*self._devices, *self._disconnected}
