"""`echosphere invite` and `echosphere user invite`: invites to the server."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from echosphere.accounts import normalize_email, validate
from echosphere.admission import (
    CreateServerInvites,
    InvitedPeople,
    InviteTerms,
    RevokeServerInvite,
    ServerInvite,
    ServerInvites,
    ServerInviteShape,
    check_file,
    invite_shape,
    link_to,
    list_invites,
    new_invite,
    token_of,
)
from echosphere.app import Application
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.database import Creation
from echosphere.mail import mailer_from_url
from echosphere.wire import Id, Request, Shape

Lifetime = Annotated[int, Meta(ge=60, le=366 * 86_400)]
InvitedRole = Literal["member", "guest"]


class InvitePeopleCall(Request, frozen=True, kw_only=True):
    """Whom to invite, each by an invite of their own."""

    emails: Annotated[list[str], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    csv: Annotated[str, Meta(max_length=100_000)] | None = None
    dry_run: bool = False
    lifetime: Lifetime | None = None
    role: InvitedRole = "member"


class CreateInviteCall(Request, frozen=True, kw_only=True):
    """An invite for anyone who has its link."""

    uses: Annotated[int, Meta(ge=1, le=1_000)] = 1
    lifetime: Lifetime | None = None
    role: InvitedRole = "member"


class ListInvitesCall(Request, frozen=True):
    """No arguments."""


class RevokeCall(Request, frozen=True):
    """Which invite."""

    invite: Id


class RevokedAnswer(Shape, frozen=True):
    """The invite that is worth nothing any more."""

    revoked: str


async def invite_people(
    application: Application, operator: Caller, call: InvitePeopleCall
) -> InvitedPeople:
    """Make an invite for each address, and mail it if there is a mail server."""
    if call.csv is not None:
        return await _invite_file(application, operator, call)
    if not call.emails or call.dry_run:
        raise Invalid("Give addresses, or a file with --csv. --dry-run works only with a file.")
    rules = {f"emails.{at}": partial(normalize_email, one) for at, one in enumerate(call.emails)}
    terms = [
        InviteTerms(call.role, call.lifetime, email=email)
        for email in dict.fromkeys(validate(rules).values())
    ]
    return await _create(application, operator, terms)


async def _invite_file(
    application: Application, operator: Caller, call: InvitePeopleCall
) -> InvitedPeople:
    if call.emails:
        raise Invalid("Give addresses or a file, not both.")
    people = await application.database.read(check_file, operator, call.csv or "")
    if call.dry_run:
        return InvitedPeople([], False)
    terms = [InviteTerms(call.role, call.lifetime, email=one.email) for one in people]
    return await _create(application, operator, terms, [one.name for one in people])


async def create(
    application: Application, operator: Caller, call: CreateInviteCall
) -> InvitedPeople:
    """Make an invite."""
    return await _create(application, operator, [InviteTerms(call.role, call.lifetime, call.uses)])


async def list_all(
    application: Application, operator: Caller, _call: ListInvitesCall
) -> ServerInvites:
    """Return the usable invites of everyone, with the links of those of the command line."""
    found = await application.database.read(list_invites, operator)
    return ServerInvites([_shape(application, one) for one in found])


async def revoke(application: Application, operator: Caller, call: RevokeCall) -> RevokedAnswer:
    """Make an invite worth nothing."""
    await application.database.write(RevokeServerInvite(operator, call.invite))
    return RevokedAnswer(call.invite)


async def _create(
    application: Application,
    operator: Caller,
    terms: list[InviteTerms],
    names: Sequence[str] = (),
) -> InvitedPeople:
    settings = application.settings
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    mails = mailer.is_configured and all(one.email for one in terms)
    command = CreateServerInvites(
        Creation(operator.user_id, "server invites of people", None),
        caller=operator,
        all_terms=terms,
        new=[new_invite(settings.secret_key) for _ in terms],
        mail=mails,
        names=names,
    )
    made = await application.database.write(command)
    found = {one.id: one for one in await application.database.read(list_invites, operator)}
    shapes = [_shape(application, found[one]) for one in made.id.split() if one in found]
    return InvitedPeople(shapes, mails)


def _shape(application: Application, invite: ServerInvite) -> ServerInviteShape:
    settings = application.settings
    token = token_of(settings.secret_key, invite.id)
    own = invite.created_by is None
    return invite_shape(invite, link_to(settings.base_url, token) if own else None)
