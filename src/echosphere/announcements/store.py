"""The tables of announcements and of who dismissed them, and their queries."""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from echosphere.announcements.announcement import Announcement
from echosphere.database import (
    Command,
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    insert,
    metadata,
)

CREATION = 7_305_814
"""An arbitrary number: the advisory lock of whoever announces something."""

announcements = Table(
    "announcements",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("author", Identifier, nullable=False),  # a user, or the command line
    Column("severity", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False, index=True),
    Column("changed_at", Milliseconds, nullable=False),
    Column("ends_at", Milliseconds),
    Column("withdrawn_at", Milliseconds),
    Column("mails", Boolean, nullable=False),
    Column("mailed", Integer, nullable=False),
    Column("mailed_to", Identifier, nullable=False),
    Column("mail_batch", Integer),
    Column("for_user", Identifier, index=True),
)

dismissed = Table(
    "dismissed_announcements",
    metadata,
    Column("announcement_id", ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("at", Milliseconds, nullable=False),
)

ANNOUNCEMENT = tuple(announcements.c[name] for name in Announcement._fields)

LOCK = Prepared(select(func.pg_advisory_xact_lock(CREATION)))

_is_for_all = announcements.c.for_user.is_(None)
_is_current = and_(
    announcements.c.withdrawn_at.is_(None),
    or_(announcements.c.ends_at.is_(None), announcements.c.ends_at > bindparam("now")),
)


def insert_announcement(transaction: Transaction, announcement: Announcement) -> None:
    """Insert an announcement."""
    transaction.execute(insert(announcements).values(**announcement._asdict()))


def update_announcement(
    transaction: Transaction, announcement: str, **values: str | int | None
) -> None:
    """Change columns of an announcement."""
    changed = update(announcements).where(announcements.c.id == announcement)
    transaction.execute(changed.values(**values))


def find_announcement(snapshot: Snapshot, announcement: str) -> Announcement | None:
    """Return an announcement to everyone, or None."""
    return _find(snapshot, announcement, _is_for_all)


def find_visible(snapshot: Snapshot, announcement: str, user_id: str) -> Announcement | None:
    """Return an announcement to everyone or to a user alone, or None."""
    return _find(snapshot, announcement, or_(_is_for_all, announcements.c.for_user == user_id))


def _find(
    snapshot: Snapshot, announcement: str, condition: ColumnElement[bool]
) -> Announcement | None:
    found = select(*ANNOUNCEMENT).where(announcements.c.id == announcement, condition)
    row = snapshot.execute(found).first()
    return None if row is None else Announcement._make(row)


def lock_announcements(transaction: Transaction) -> None:
    """Let others who announce something wait until the commit: all that are shown are counted."""
    transaction.lock(LOCK)


def list_announcements(snapshot: Snapshot, limit: int) -> list[Announcement]:
    """Return announcements to everyone, also those that are over, the newest first."""
    return _listed(snapshot, _is_for_all, limit)


def current_announcements(snapshot: Snapshot, limit: int) -> list[Announcement]:
    """Return the announcements that everyone is shown now, the newest first."""
    return _listed(snapshot, and_(_is_current, _is_for_all), limit)


def announcements_for(snapshot: Snapshot, user_id: str, limit: int) -> list[Announcement]:
    """Return the announcements that are shown now and that a user has not dismissed."""
    put_away = select(dismissed.c.announcement_id).where(dismissed.c.user_id == user_id)
    theirs = or_(_is_for_all, announcements.c.for_user == user_id)
    shown = and_(_is_current, theirs, announcements.c.id.not_in(put_away))
    return _listed(snapshot, shown, limit)


def _listed(snapshot: Snapshot, condition: ColumnElement[bool], limit: int) -> list[Announcement]:
    found = select(*ANNOUNCEMENT).where(condition)
    newest = found.order_by(announcements.c.created_at.desc(), announcements.c.id).limit(limit)
    return [Announcement._make(row) for row in snapshot.execute(newest, {"now": snapshot.now})]


def insert_dismissal(transaction: Transaction, announcement: str, user_id: str) -> bool:
    """Store that a user dismissed an announcement; return False if they had already."""
    values = {"announcement_id": announcement, "user_id": user_id, "at": transaction.now}
    unless_there = insert(dismissed).values(**values).on_conflict_do_nothing()
    added = transaction.execute(unless_there.returning(dismissed.c.user_id))
    return added.scalar() is not None


def delete_dismissals(transaction: Transaction, announcement: str) -> None:
    """Forget who dismissed an announcement: they are shown it again."""
    gone = dismissed.c.announcement_id == announcement
    transaction.execute(delete(dismissed).where(gone))


class DeleteOldDismissals(Command[None]):
    """Forget who dismissed announcements that are over, and what was said to one user alone."""

    def run(self, transaction: Transaction) -> None:
        """Forget it."""
        current = select(announcements.c.id).where(_is_current)
        old = delete(dismissed).where(dismissed.c.announcement_id.not_in(current))
        transaction.execute(old, {"now": transaction.now})
        over = and_(announcements.c.for_user.is_not(None), announcements.c.id.not_in(current))
        transaction.execute(delete(announcements).where(over), {"now": transaction.now})


def delete_dismissals_of(transaction: Transaction, user_id: str) -> None:
    """Forget what a user dismissed, and what was said to them alone."""
    transaction.execute(delete(dismissed).where(dismissed.c.user_id == user_id))
    transaction.execute(delete(announcements).where(announcements.c.for_user == user_id))


def count_dismissals(snapshot: Snapshot, ids: list[str]) -> dict[str, int]:
    """Return how many dismissed each of these announcements; those without one are left out."""
    counted = select(dismissed.c.announcement_id, func.count()).where(
        dismissed.c.announcement_id.in_(ids)
    )
    grouped = counted.group_by(dismissed.c.announcement_id)
    return dict(map(tuple, snapshot.execute(grouped)))


def record_mail(transaction: Transaction, announcement: str, user_id: str) -> None:
    """Store that an announcement was mailed to a user, and to all with smaller ids."""
    further = (announcements.c.id == announcement, announcements.c.mailed_to < user_id)
    values = {"mailed_to": user_id, "mailed": announcements.c.mailed + 1}
    transaction.execute(update(announcements).where(*further).values(values))


def finish_batch(
    transaction: Transaction, announcement: str, batch: int, following: int | None
) -> bool:
    """Go on to the following batch; return False if someone else did."""
    current = (announcements.c.id == announcement, announcements.c.mail_batch == batch)
    moved = update(announcements).where(*current).values(mail_batch=following)
    return transaction.execute(moved).rowcount == 1
