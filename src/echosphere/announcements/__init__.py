"""Announcements from the people who run a server to everyone on it."""

from echosphere.announcements.announce import (
    CreateAnnouncement,
    EditAnnouncement,
    WithdrawAnnouncement,
    list_managed,
    show_managed,
)
from echosphere.announcements.announcement import MAX_TEXT, Severity, Words
from echosphere.announcements.own import announce_to
from echosphere.announcements.wire import (
    ChangeAnnouncement,
    ManagedAnnouncements,
    OneManagedAnnouncement,
)
from echosphere.announcements.wiring import install

__all__ = [
    "MAX_TEXT",
    "ChangeAnnouncement",
    "CreateAnnouncement",
    "EditAnnouncement",
    "ManagedAnnouncements",
    "OneManagedAnnouncement",
    "Severity",
    "WithdrawAnnouncement",
    "Words",
    "announce_to",
    "install",
    "list_managed",
    "show_managed",
]
