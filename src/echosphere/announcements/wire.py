"""Requests, answers and events about announcements."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from echosphere.announcements.announcement import MAX_TEXT, Severity
from echosphere.wire import Id, Key, Request, Shape

Moment = Annotated[int, Meta(ge=0, le=2**53 - 2)]
AnnouncedText = Annotated[str, Meta(max_length=MAX_TEXT)]


class Announce(Request, frozen=True, kw_only=True):
    """What is announced: plain text; `ends_at` in milliseconds, null for until it is withdrawn."""

    text: AnnouncedText
    severity: Severity = "info"
    ends_at: Moment | None = None
    mail: bool = False
    key: Key | None = None


class ChangeAnnouncement(Request, frozen=True, kw_only=True):
    """What becomes of an announcement; `again` shows it also to those who dismissed it."""

    announcement: Id
    text: AnnouncedText | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    ends_at: Moment | UnsetType | None = UNSET
    again: bool = False


class AnnouncementCall(Request, frozen=True):
    """Which announcement."""

    announcement: Id


class AnnouncementShape(Shape, frozen=True):
    """An announcement as everyone sees it; times in milliseconds."""

    id: str
    severity: str
    text: str
    created_at: int
    ends_at: int | None


class AnnouncementsAnswer(Shape, frozen=True):
    """What the caller is shown, the newest first."""

    announcements: list[AnnouncementShape]


class ManagedAnnouncement(Shape, frozen=True):
    """An announcement as administrators see it.

    `mailed` counts the mails so far, `mailing` says whether more follow, `dismissed` counts people;
    `current` says whether it is shown.
    """

    id: str
    severity: str
    text: str
    author: str
    author_name: str | None
    created_at: int
    changed_at: int
    ends_at: int | None
    withdrawn_at: int | None
    current: bool
    dismissed: int
    mails: bool
    mailed: int
    mailing: bool


class OneManagedAnnouncement(Shape, frozen=True):
    """One announcement."""

    announcement: ManagedAnnouncement


class ManagedAnnouncements(Shape, frozen=True):
    """Announcements, also those that are over, the newest first; `mail` says whether they can be mailed."""

    announcements: list[ManagedAnnouncement]
    mail: bool


class AnnouncementEvent(Shape, frozen=True):
    """An announcement is new or has changed; without `again` only those show it who do already."""

    announcement: AnnouncementShape
    again: bool


class AnnouncementGoneEvent(Shape, frozen=True):
    """An announcement was withdrawn, or the person dismissed it on one of their devices."""

    gone: str
