"""Decides whether somebody is notified of a message, and can say why."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

Wish = Literal["all", "mentions", "none"]


class Outcome(StrEnum):
    """Why somebody was notified (the first five), or why not."""

    DIRECT = "direct"  # a message of a direct conversation
    MENTION = "mention"
    REPLY = "reply"  # an answer to a message of theirs
    MESSAGE = "message"  # a message of a group
    DIGEST = "digest"  # by e-mail, later

    OWN = "own"
    SYSTEM = "system"
    DELETED = "deleted"
    HIDDEN = "hidden"  # "deleted for me"
    BLOCKED = "blocked"
    READ = "read"
    OPEN = "open"  # the conversation is on one of the person's screens
    MUTED = "muted"
    NONE = "none"  # the person wants no notifications, here or at all
    NOT_MENTIONED = "not_mentioned"
    QUIET = "quiet"
    NO_DEVICE = "no_device"  # there is nothing to send it to
    FAILED = "failed"  # the push service did not take it
    UNDELIVERABLE = "undeliverable"  # the mail server did not take it
    PENDING = "pending"  # it is about to be decided
    FORGOTTEN = "forgotten"  # it was decided too long ago

    @property
    def is_notified(self) -> bool:
        """Whether the person was told."""
        return self in TOLD


TOLD = frozenset({Outcome.DIRECT, Outcome.MENTION, Outcome.REPLY, Outcome.MESSAGE, Outcome.DIGEST})


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When somebody wants to be left alone.

    Attributes:
        begin: Minutes after midnight.
        end: Minutes after midnight; smaller than `begin` if midnight lies between.
        zone: Where the person is.
    """

    begin: int
    end: int
    zone: tzinfo = UTC

    def include(self, now: int) -> bool:
        """Whether it is quiet at a time in milliseconds since 1970 UTC."""
        there = datetime.fromtimestamp(now / 1000, self.zone)
        minute = there.hour * 60 + there.minute
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


@dataclass(frozen=True, slots=True)
class Concern:
    """What one message is to one person, and how the person wants to be told.

    Attributes:
        mentioned: By name, or with everybody.
        answered: It is a reply to a message of theirs.
        is_open: On one of the person's devices, right now.
        in_conversation: What the person wants for this conversation; None for what they want
            everywhere.
        everywhere: What the person wants where nothing else is said.
        muted_until: When a muted conversation is heard again; None for "until I say so".
        has_device: Whether there is anything to send a notification to.
    """

    own: bool = False
    system: bool = False
    deleted: bool = False
    hidden: bool = False
    blocked: bool = False
    read: bool = False
    is_open: bool = False
    direct: bool = False
    mentioned: bool = False
    answered: bool = False
    muted: bool = False
    muted_until: int | None = None
    in_conversation: Wish | None = None
    everywhere: Wish = "all"
    quiet: QuietHours | None = None
    has_device: bool = True


def decide(concern: Concern, now: int) -> Outcome:
    """Return whether and why somebody is notified; the first reason against it counts."""
    wish = concern.in_conversation or concern.everywhere
    is_meant = concern.direct or concern.mentioned or concern.answered
    reasons = (
        (concern.own, Outcome.OWN),
        (concern.system, Outcome.SYSTEM),
        (concern.deleted, Outcome.DELETED),
        (concern.hidden, Outcome.HIDDEN),
        (concern.blocked, Outcome.BLOCKED),
        (concern.read, Outcome.READ),
        (concern.is_open, Outcome.OPEN),
        (_is_muted(concern, now), Outcome.MUTED),
        (wish == "none", Outcome.NONE),
        (wish == "mentions" and not is_meant, Outcome.NOT_MENTIONED),
        (concern.quiet is not None and concern.quiet.include(now), Outcome.QUIET),
        (not concern.has_device, Outcome.NO_DEVICE),
    )
    for applies, outcome in reasons:
        if applies:
            return outcome
    return _why(concern)


def _why(concern: Concern) -> Outcome:
    if concern.direct:
        return Outcome.DIRECT
    if concern.mentioned:
        return Outcome.MENTION
    return Outcome.REPLY if concern.answered else Outcome.MESSAGE


def quiet_hours(begin: int | None, end: int | None, zone: str | None) -> QuietHours | None:
    """Return somebody's quiet hours, or None; an unknown time zone counts as UTC."""
    if begin is None or end is None or begin == end:
        return None
    try:
        return QuietHours(begin, end, ZoneInfo(zone) if zone else UTC)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return QuietHours(begin, end)


def _is_muted(concern: Concern, now: int) -> bool:
    return concern.muted and (concern.muted_until is None or concern.muted_until > now)
