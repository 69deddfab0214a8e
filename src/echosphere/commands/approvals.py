"""`echosphere approval`: registrations that wait for an administrator."""

from echosphere.admission import (
    Approvals,
    ApproveRegistration,
    RefuseRegistration,
    RegistrationShape,
    list_waiting,
)
from echosphere.app import Application
from echosphere.core.caller import Caller
from echosphere.mail import mailer_from_url
from echosphere.wire import Id, Request, Shape

MOST = 1_000
"""Registrations that may wait at a time."""


class ListApprovalsCall(Request, frozen=True):
    """No arguments."""


class RegistrationCall(Request, frozen=True):
    """Which registration."""

    registration: Id


class AnsweredAnswer(Shape, frozen=True):
    """What became of a registration."""

    registration: str
    approved: bool


async def list_all(
    application: Application, _operator: Caller, _call: ListApprovalsCall
) -> Approvals:
    """Return those who wait, the longest first."""
    found = await application.database.read(list_waiting, 0, MOST)
    return Approvals([RegistrationShape(*one) for one in found], False)


async def approve_one(
    application: Application, operator: Caller, call: RegistrationCall
) -> AnsweredAnswer:
    """Make an account of a registration, and tell its address if there is a mail server."""
    settings = application.settings
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    await application.database.write(
        ApproveRegistration(operator, call.registration, mailer.is_configured)
    )
    return AnsweredAnswer(call.registration, True)


async def refuse_one(
    application: Application, operator: Caller, call: RegistrationCall
) -> AnsweredAnswer:
    """Delete a registration."""
    await application.database.write(RefuseRegistration(operator, call.registration))
    return AnsweredAnswer(call.registration, False)
