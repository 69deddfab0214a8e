"""`echosphere announce`: makes announcements, in the app and by e-mail."""

from typing import Annotated

from msgspec import UNSET, Meta

from echosphere import announcements
from echosphere.announcements import (
    MAX_TEXT,
    ChangeAnnouncement,
    ManagedAnnouncements,
    OneManagedAnnouncement,
    Severity,
    Words,
)
from echosphere.app import Application
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.database import Creation
from echosphere.wire import Id, Request

Moment = Annotated[int, Meta(ge=0, le=2**53 - 2)]
SaidText = Annotated[str, Meta(max_length=MAX_TEXT)]
NO_MAIL = "No mail server is set (ECHOSPHERE_SMTP_URL). Omit --mail."


class AnnounceCall(Request, frozen=True):
    """What to announce."""

    text: SaidText
    severity: Severity = "info"
    until: Moment | None = None
    mail: bool = False


class EditCall(Request, frozen=True):
    """What becomes of an announcement; what is not given stays."""

    announcement: Id
    text: SaidText | None = None
    severity: Severity | None = None
    until: Moment | None = None
    again: bool = False


class ListAnnouncementsCall(Request, frozen=True):
    """No arguments."""


class AnnouncementIdCall(Request, frozen=True):
    """Which announcement."""

    announcement: Id


async def announce(
    application: Application, operator: Caller, call: AnnounceCall
) -> OneManagedAnnouncement:
    """Announce something to everyone."""
    if call.mail and not application.settings.smtp_url:
        raise Invalid(NO_MAIL)
    creation = Creation(operator.user_id, "announcements", None)
    words = Words(call.severity, call.text, call.until)
    command = announcements.CreateAnnouncement(creation, operator, words, call.mail)
    return await _one(application, (await application.database.write(command)).id)


async def list_all(
    application: Application, _operator: Caller, _call: ListAnnouncementsCall
) -> ManagedAnnouncements:
    """Return the last announcements, also those that are over."""
    found = await application.database.read(announcements.list_managed)
    return ManagedAnnouncements(found, bool(application.settings.smtp_url))


async def edit(
    application: Application, operator: Caller, call: EditCall
) -> OneManagedAnnouncement:
    """Change an announcement."""
    change = ChangeAnnouncement(
        announcement=call.announcement,
        text=UNSET if call.text is None else call.text,
        severity=UNSET if call.severity is None else call.severity,
        ends_at=UNSET if call.until is None else call.until,
        again=call.again,
    )
    await application.database.write(announcements.EditAnnouncement.of(operator, change))
    return await _one(application, call.announcement)


async def withdraw(
    application: Application, operator: Caller, call: AnnouncementIdCall
) -> OneManagedAnnouncement:
    """Show an announcement to no one any more."""
    command = announcements.WithdrawAnnouncement(operator, call.announcement)
    await application.database.write(command)
    return await _one(application, call.announcement)


async def _one(application: Application, announcement: str) -> OneManagedAnnouncement:
    read = application.database.read
    return OneManagedAnnouncement(await read(announcements.show_managed, announcement))
