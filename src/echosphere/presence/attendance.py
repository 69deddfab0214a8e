"""Who is here: what the connected devices of each person say, in memory."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

GRACE = 10.0
"""Seconds for which a person whose last device has left is not yet gone: pages are reloaded."""


class Status(StrEnum):
    """Whether somebody is here."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Left:
    """The last device of a person left.

    Attributes:
        since: Seconds of a clock that never goes back.
        at: The server's time in milliseconds.
        status: What the person was until then.
    """

    since: float
    at: int
    status: Status


class Attendance:
    """The devices of each person.

    Args:
        now: Seconds that never go back.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._devices: dict[str, dict[str, Status]] = {}
        self._left: dict[str, Left] = {}

    def come(self, person: str, device: str) -> None:
        """A device is connected; until it says otherwise, somebody is looking at it."""
        self._devices.setdefault(person, {})[device] = Status.ONLINE

    def say(self, person: str, device: str, status: Status) -> None:
        """A connected device says whether somebody is looking at it."""
        devices = self._devices.get(person, {})
        if device in devices:
            devices[device] = status

    def go(self, person: str, device: str, at: int) -> None:
        """A device is connected no more."""
        before = self.status_of(person)
        devices = self._devices.get(person, {})
        if devices.pop(device, None) is not None and not devices:
            del self._devices[person]
            self._left[person] = Left(self._now(), at, before)

    def status_of(self, person: str) -> Status:
        """Return what a person is: online if one device is, away if all are."""
        devices = self._devices.get(person)
        if devices:
            return Status.ONLINE if Status.ONLINE in devices.values() else Status.AWAY
        left = self._left.get(person)
        if left is not None and self._now() < left.since + GRACE:
            return left.status
        return Status.OFFLINE

    def gone_at(self, person: str) -> float | None:
        """Return when a person without devices will count as gone; None for one who has some."""
        left = self._left.get(person)
        return None if left is None or person in self._devices else left.since + GRACE

    def take_leave(self, person: str) -> int | None:
        """Forget that a person left, and return when that was, in milliseconds."""
        left = self._left.pop(person, None)
        return None if left is None or person in self._devices else left.at

    def everybody(self) -> Collection[str]:
        """Return all who are here, or were a moment ago."""
        return {*self._devices, *self._left}
