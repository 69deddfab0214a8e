"""The operations of announcements."""

from echosphere.accounts import Action, permission
from echosphere.announcements.announce import (
    CreateAnnouncement,
    EditAnnouncement,
    WithdrawAnnouncement,
    list_managed,
    show_managed,
)
from echosphere.announcements.announcement import Words
from echosphere.announcements.dismiss import DismissAnnouncement, visible_announcements
from echosphere.announcements.wire import (
    Announce,
    AnnouncementCall,
    AnnouncementEvent,
    AnnouncementGoneEvent,
    AnnouncementsAnswer,
    ChangeAnnouncement,
    ManagedAnnouncements,
    OneManagedAnnouncement,
)
from echosphere.api import (
    Declaration,
    Empty,
    Event,
    Existing,
    Operation,
    delete,
    get,
    patch,
    post,
    put,
)
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database

MANAGED = "/administration/announcements"
RATE = Rate("announcements", burst=20, every=30)


class AnnouncementOperations:
    """Serves announcements: to everyone what they are shown, to administrators all.

    Args:
        database: Holds them.
        mails: Whether there is a mail server.
    """

    def __init__(self, database: Database, *, mails: bool) -> None:
        self._database = database
        self._mails = mails

    def all(self) -> list[Declaration]:
        """Return the operations and their event."""
        may, one = permission(Action.ANNOUNCE), f"{MANAGED}/<announcement>"
        return [
            Operation(self.shown, get("/announcements"), name="announcements"),
            Operation(
                self.dismiss,
                put("/announcements/<announcement>/dismissed"),
                name="dismiss_announcement",
            ),
            Operation(self.managed, get(MANAGED), permission=may),
            Operation(
                self.announce, post(MANAGED), name="announce", permission=may, rate=RATE, status=201
            ),
            Operation(
                self.change, patch(one), name="change_announcement", permission=may, rate=RATE
            ),
            Operation(self.withdraw, delete(one), name="withdraw_announcement", permission=may),
            Event("announcement", (AnnouncementEvent, AnnouncementGoneEvent)),
        ]

    async def shown(self, caller: Caller, _: Empty) -> AnnouncementsAnswer:
        """List the announcements shown to the caller: current and not dismissed."""
        return AnnouncementsAnswer(await self._database.read(visible_announcements, caller.user_id))

    async def dismiss(self, caller: Caller, call: AnnouncementCall) -> None:
        """Dismiss an announcement, on all of the caller's devices."""
        await self._database.write(DismissAnnouncement(caller.user_id, call.announcement))

    async def managed(self, _caller: Caller, _: Empty) -> ManagedAnnouncements:
        """List announcements, including those that have ended."""
        return ManagedAnnouncements(await self._database.read(list_managed), self._mails)

    async def announce(self, caller: Caller, call: Announce) -> OneManagedAnnouncement | Existing:
        """Announce something to everyone, in the app and optionally by e-mail."""
        creation = Creation(caller.user_id, "announcements", call.key)
        words = Words(call.severity, call.text, call.ends_at)
        mails = call.mail and self._mails
        made = await self._database.write(CreateAnnouncement(creation, caller, words, mails))
        shown = await self._one(made.id)
        return shown if made.new else Existing(shown)

    async def change(self, caller: Caller, call: ChangeAnnouncement) -> OneManagedAnnouncement:
        """Change an announcement's text, severity or end."""
        await self._database.write(EditAnnouncement.of(caller, call))
        return await self._one(call.announcement)

    async def withdraw(self, caller: Caller, call: AnnouncementCall) -> None:
        """Stop showing an announcement."""
        await self._database.write(WithdrawAnnouncement(caller, call.announcement))

    async def _one(self, announcement: str) -> OneManagedAnnouncement:
        return OneManagedAnnouncement(await self._database.read(show_managed, announcement))
