"""Announcements, and the rules for their texts and ends."""

from typing import Literal, NamedTuple

import msgspec

from echosphere.core.ends import require_to_come
from echosphere.core.errors import Conflict, Invalid
from echosphere.core.text import has_visible_text

Severity = Literal["info", "warning", "urgent"]

MAX_TEXT = 2_000
"""Characters."""

MAX_CURRENT = 10
"""Announcements that are shown at a time."""

MAX_OWN = 20
"""Announcements to one user alone that are shown at a time."""

NO_TEXT = "Write what you want to announce."
OVER = "This announcement has ended. Write a new one."
TOO_MANY = "There are already 10 announcements. Withdraw one first."


class Announcement(NamedTuple):
    """A row of the table of announcements.

    Attributes:
        author: The id of who wrote it, or that of the command line.
        ends_at: Milliseconds; None if it is shown until it is withdrawn.
        withdrawn_at: Milliseconds; None while it was not.
        mails: Whether it is mailed to everyone as well.
        mailed: How many mails were sent so far.
        mailed_to: The id of the last user to whom it was mailed; users are taken in order of their ids.
        mail_batch: The number of the batch that is to be mailed; None once all were.
        for_user: The one who is shown it, and no one else; None for everyone.
    """

    id: str
    author: str
    severity: str
    text: str
    created_at: int
    changed_at: int
    ends_at: int | None
    withdrawn_at: int | None
    mails: bool
    mailed: int
    mailed_to: str
    mail_batch: int | None
    for_user: str | None = None

    def is_current(self, now: int) -> bool:
        """Whether it is shown at a time in milliseconds."""
        return self.withdrawn_at is None and (self.ends_at is None or self.ends_at > now)


class Words(msgspec.Struct, frozen=True):
    """What an announcement says, and until when it is shown; `ends_at` in milliseconds or None."""

    severity: str
    text: str
    ends_at: int | None


def clean_words(words: Words, now: int) -> Words:
    """Return the words of an announcement without blanks around them.

    Raises:
        Invalid: There is no text that can be seen, or the end is not to come.
    """
    text = words.text.strip()
    if not has_visible_text(text):
        raise Invalid(NO_TEXT, fields={"text": NO_TEXT})
    require_to_come(words.ends_at, now, "ends_at")
    return Words(words.severity, text, words.ends_at)


def require_current(announcement: Announcement, now: int) -> None:
    """Refuse one that has ended or was withdrawn: who dismissed it would not learn of a change.

    Raises:
        Conflict: It is over.
    """
    if not announcement.is_current(now):
        raise Conflict(OVER)
