"""Shows announcements to people, and lets each of them dismiss one."""

from echosphere.accounts import AccountClosed
from echosphere.announcements import store
from echosphere.announcements.announcement import MAX_CURRENT, MAX_OWN
from echosphere.announcements.events import AnnouncementDismissed
from echosphere.announcements.wire import AnnouncementShape
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction


def visible_announcements(snapshot: Snapshot, user_id: str) -> list[AnnouncementShape]:
    """Return what a user is shown, the newest first."""
    return [
        AnnouncementShape(one.id, one.severity, one.text, one.created_at, one.ends_at)
        for one in store.announcements_for(snapshot, user_id, MAX_CURRENT + MAX_OWN)
    ]


class DismissAnnouncement(Command[None], lane="user_id"):
    """Put an announcement away on all devices of a user; once more changes nothing.

    Raises:
        NotFound: There is no such announcement.
    """

    user_id: str
    announcement: str

    def run(self, transaction: Transaction) -> None:
        """Put it away."""
        if store.find_visible(transaction, self.announcement, self.user_id) is None:
            raise NotFound("Announcement not found.")
        if store.insert_dismissal(transaction, self.announcement, self.user_id):
            transaction.announce(AnnouncementDismissed(self.announcement, self.user_id))


def forget_dismissals(transaction: Transaction, event: AccountClosed) -> None:
    """Forget what someone dismissed whose account is closed."""
    store.delete_dismissals_of(transaction, event.user_id)
