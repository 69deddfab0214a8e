"""Writes, changes and withdraws announcements: each with an entry in the audit log."""

from typing import Self

from msgspec import UNSET, UnsetType

from echosphere import audit
from echosphere.accounts import (
    Action,
    names_by_id,
    proven_actor,
    require_permission,
    tell_staff,
)
from echosphere.announcements import store
from echosphere.announcements.announcement import (
    MAX_CURRENT,
    TOO_MANY,
    Announcement,
    Words,
    clean_words,
    require_current,
)
from echosphere.announcements.events import Announced, AnnouncementWithdrawn
from echosphere.announcements.mail_batch import MAIL
from echosphere.announcements.wire import ChangeAnnouncement, ManagedAnnouncement
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, NotFound
from echosphere.core.ids import new_id
from echosphere.database import Command, CreateOnce, Snapshot, Transaction

PAGE = 50
UNKNOWN = "Announcement not found."


class CreateAnnouncement(CreateOnce, own_transaction=True):
    """Announce something to everyone, and return its id; `mails` leaves the job that mails it.

    Raises:
        NotFound: The caller may not.
        Invalid: There is no text, or the end is not to come.
        Conflict: Too many are shown already.
    """

    caller: Caller
    words: Words
    mails: bool

    def create(self, transaction: Transaction) -> str:
        """Announce it."""
        require_permission(self.caller, Action.ANNOUNCE)
        actor = proven_actor(transaction, self.caller)
        words = clean_words(self.words, transaction.now)
        store.lock_announcements(transaction)
        if len(store.current_announcements(transaction, MAX_CURRENT)) == MAX_CURRENT:
            raise Conflict(TOO_MANY)
        made = _new(transaction.now, self.caller.user_id, words, mails=self.mails)
        store.insert_announcement(transaction, made)
        transaction.announce(Announced(made, again=True))
        if self.mails:
            transaction.enqueue(MAIL, {"announcement": made.id, "batch": 0})
        tell_staff(transaction, "announcements")
        audit.record(transaction, actor, "announcement.created", made.id, mail=self.mails)
        return made.id


class EditAnnouncement(Command[None], own_transaction=True):
    """Change what an announcement says, or until when it is shown.

    Raises:
        NotFound: The caller may not, or there is no such announcement.
        Invalid: There is no text left, or the end is not to come.
        Conflict: It is over.
    """

    caller: Caller
    announcement: str
    text: str | UnsetType = UNSET
    severity: str | UnsetType = UNSET
    ends_at: int | UnsetType | None = UNSET
    again: bool = False

    @classmethod
    def of(cls, caller: Caller, call: ChangeAnnouncement) -> Self:
        """Return the command for what a caller asks."""
        return cls(caller, call.announcement, call.text, call.severity, call.ends_at, call.again)

    def run(self, transaction: Transaction) -> None:
        """Change it."""
        require_permission(self.caller, Action.ANNOUNCE)
        before = _get(transaction, self.announcement)
        actor = proven_actor(transaction, self.caller)
        require_current(before, transaction.now)
        words = clean_words(_changed(before, self), transaction.now)
        values: dict[str, str | int | None] = {
            "severity": words.severity,
            "text": words.text,
            "ends_at": words.ends_at,
            "changed_at": transaction.now,
        }
        store.update_announcement(transaction, before.id, **values)
        if self.again:
            store.delete_dismissals(transaction, before.id)
        after = _get(transaction, before.id)
        transaction.announce(Announced(after, self.again))
        tell_staff(transaction, "announcements")
        audit.record(transaction, actor, "announcement.changed", before.id)


class WithdrawAnnouncement(Command[None], own_transaction=True):
    """Show an announcement to no one any more; mails that were not sent are not sent.

    Raises:
        NotFound: The caller may not, or there is no such announcement.
        Conflict: It is over.
    """

    caller: Caller
    announcement: str

    def run(self, transaction: Transaction) -> None:
        """Withdraw it."""
        require_permission(self.caller, Action.ANNOUNCE)
        found = _get(transaction, self.announcement)
        actor = proven_actor(transaction, self.caller)
        require_current(found, transaction.now)
        withdrawn: dict[str, str | int | None] = {"withdrawn_at": transaction.now}
        store.update_announcement(transaction, found.id, **withdrawn, mail_batch=None)
        store.delete_dismissals(transaction, found.id)
        transaction.announce(AnnouncementWithdrawn(found.id))
        tell_staff(transaction, "announcements")
        audit.record(transaction, actor, "announcement.withdrawn", found.id)


def list_managed(snapshot: Snapshot) -> list[ManagedAnnouncement]:
    """Return the last announcements as administrators see them, the newest first."""
    return _managed(snapshot, store.list_announcements(snapshot, PAGE))


def show_managed(snapshot: Snapshot, announcement: str) -> ManagedAnnouncement:
    """Return an announcement as administrators see it.

    Raises:
        NotFound: There is none.
    """
    return _managed(snapshot, [_get(snapshot, announcement)])[0]


def _managed(snapshot: Snapshot, found: list[Announcement]) -> list[ManagedAnnouncement]:
    names = names_by_id(snapshot, {one.author for one in found})
    counts = store.count_dismissals(snapshot, [one.id for one in found])
    return [
        ManagedAnnouncement(
            id=one.id,
            severity=one.severity,
            text=one.text,
            author=one.author,
            author_name=names.get(one.author),
            created_at=one.created_at,
            changed_at=one.changed_at,
            ends_at=one.ends_at,
            withdrawn_at=one.withdrawn_at,
            current=one.is_current(snapshot.now),
            dismissed=counts.get(one.id, 0),
            mails=bool(one.mails),  # SQLite has numbers
            mailed=one.mailed,
            mailing=one.mail_batch is not None and one.is_current(snapshot.now),
        )
        for one in found
    ]


def _get(snapshot: Snapshot, announcement: str) -> Announcement:
    found = store.find_announcement(snapshot, announcement)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _changed(before: Announcement, edit: EditAnnouncement) -> Words:
    return Words(
        before.severity if edit.severity is UNSET else edit.severity,
        before.text if edit.text is UNSET else edit.text,
        before.ends_at if edit.ends_at is UNSET else edit.ends_at,
    )


def _new(now: int, author: str, words: Words, *, mails: bool) -> Announcement:
    return Announcement(
        id=new_id(),
        author=author,
        severity=words.severity,
        text=words.text,
        created_at=now,
        changed_at=now,
        ends_at=words.ends_at,
        withdrawn_at=None,
        mails=mails,
        mailed=0,
        mailed_to="",
        mail_batch=0 if mails else None,
    )
