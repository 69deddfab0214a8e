"""Decides whether a user is notified of a message, with the reason."""

from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

NotifyLevel = Literal["all", "mentions", "none"]


class Outcome(StrEnum):
    """Why a user was notified (the first five), or why not."""

    DIRECT = "direct"  # a message of a direct conversation
    MENTION = "mention"
    REPLY = "reply"  # to a message of theirs
    MESSAGE = "message"  # a message of a group
    DIGEST = "digest"  # by e-mail, later

    OWN = "own"
    SYSTEM = "system"
    DELETED = "deleted"
    HIDDEN = "hidden"  # "deleted for me"
    BLOCKED = "blocked"
    READ = "read"
    OPEN = "open"  # one of the user's devices shows the conversation
    MUTED = "muted"
    NONE = "none"  # the user wants no notifications, here or at all
    NOT_MENTIONED = "not_mentioned"
    QUIET = "quiet"
    NO_DEVICE = "no_device"  # the user has no subscription
    FAILED = "failed"  # rejected by the push service
    UNDELIVERABLE = "undeliverable"  # rejected by the mail server
    PENDING = "pending"  # not decided yet
    FORGOTTEN = "forgotten"  # the notice has expired

    @property
    def is_notified(self) -> bool:
        """Whether a notification was sent."""
        return self in SENT


SENT = frozenset({Outcome.DIRECT, Outcome.MENTION, Outcome.REPLY, Outcome.MESSAGE, Outcome.DIGEST})


class QuietHours(msgspec.Struct, frozen=True):
    """The hours in which a user wants no notifications.

    Attributes:
        begin: Minutes after midnight.
        end: Minutes after midnight; smaller than `begin` if midnight lies between.
        zone: The user's time zone.
    """

    begin: int
    end: int
    zone: tzinfo = UTC

    def include(self, now: int) -> bool:
        """Whether a time, in milliseconds since 1970 UTC, is within the quiet hours."""
        there = datetime.fromtimestamp(now / 1000, self.zone)
        minute = there.hour * 60 + there.minute
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


class DecisionInput(msgspec.Struct, frozen=True):
    """How a message relates to a user, and what the user wants.

    Attributes:
        mentioned: By name or by `@all`.
        replied_to: Whether it is a reply to a message of theirs.
        is_open: Whether one of their devices shows the conversation.
        conversation_level: Their setting for this conversation; None for the default.
        default_level: Their setting for all other conversations.
        muted_until: When the mute ends; None for never.
        has_device: Whether they have a subscription.
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
    replied_to: bool = False
    muted: bool = False
    muted_until: int | None = None
    conversation_level: NotifyLevel | None = None
    default_level: NotifyLevel = "all"
    quiet: QuietHours | None = None
    has_device: bool = True


def decide(given: DecisionInput, now: int) -> Outcome:
    """Return the outcome; the first reason against a notification counts."""
    level = given.conversation_level or given.default_level
    is_directed = given.direct or given.mentioned or given.replied_to
    reasons = (
        (given.own, Outcome.OWN),
        (given.system, Outcome.SYSTEM),
        (given.deleted, Outcome.DELETED),
        (given.hidden, Outcome.HIDDEN),
        (given.blocked, Outcome.BLOCKED),
        (given.read, Outcome.READ),
        (given.is_open, Outcome.OPEN),
        (_is_muted(given, now), Outcome.MUTED),
        (level == "none", Outcome.NONE),
        (level == "mentions" and not is_directed, Outcome.NOT_MENTIONED),
        (given.quiet is not None and given.quiet.include(now), Outcome.QUIET),
        (not given.has_device, Outcome.NO_DEVICE),
    )
    for applies, outcome in reasons:
        if applies:
            return outcome
    return _reason(given)


def _reason(given: DecisionInput) -> Outcome:
    if given.direct:
        return Outcome.DIRECT
    if given.mentioned:
        return Outcome.MENTION
    return Outcome.REPLY if given.replied_to else Outcome.MESSAGE


def parse_quiet_hours(begin: int | None, end: int | None, zone: str | None) -> QuietHours | None:
    """Return quiet hours, or None if they are not set; an unknown time zone counts as UTC."""
    if begin is None or end is None or begin == end:
        return None
    try:
        return QuietHours(begin, end, ZoneInfo(zone) if zone else UTC)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return QuietHours(begin, end)


def _is_muted(given: DecisionInput, now: int) -> bool:
    return given.muted and (given.muted_until is None or given.muted_until > now)
