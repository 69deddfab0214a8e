"""Requests and answers about invites to the server and approvals."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from echosphere.admission.invite import (
    MAX_GROUPS,
    MAX_LIFETIME,
    MAX_ROWS,
    MAX_USES,
    MIN_LIFETIME,
    InviteTerms,
    ServerInvite,
)
from echosphere.wire import Id, Key, Request, Shape

MAX_FILE = 100_000
"""Characters of a CSV file."""

Address = Annotated[str, Meta(max_length=1_100)]
Groups = Annotated[list[Id], Meta(max_length=MAX_GROUPS)]
Lifetime = Annotated[int, Meta(ge=MIN_LIFETIME, le=MAX_LIFETIME)]


class MakeServerInvite(Request, frozen=True, kw_only=True):
    """An invite to the server; null for without end, for any number."""

    expires_in: Lifetime | None = None
    max_uses: Annotated[int, Meta(ge=1, le=MAX_USES)] | None = 1
    role: Literal["member", "guest"] = "member"
    contact: bool = False
    groups: Groups = msgspec.field(default_factory=list)
    key: Key | None = None

    def terms(self) -> InviteTerms:
        """Return what it does and for how long."""
        groups = tuple(dict.fromkeys(self.groups))
        return InviteTerms(self.role, self.expires_in, self.max_uses, self.contact, groups)


class InvitePeople(Request, frozen=True, kw_only=True):
    """An invite for each of several e-mail addresses, such as the rows of a CSV file."""

    emails: Annotated[list[Address], Meta(min_length=1, max_length=MAX_ROWS)]
    expires_in: Lifetime | None = None
    role: Literal["member", "guest"] = "member"
    contact: bool = False
    groups: Groups = msgspec.field(default_factory=list)
    key: Key | None = None


class InviteFile(Request, frozen=True, kw_only=True):
    """The people of a CSV file: address, name and groups, one a line; `dry_run` only reads it."""

    csv: Annotated[str, Meta(max_length=MAX_FILE)]
    dry_run: bool = False
    expires_in: Lifetime | None = None
    role: Literal["member", "guest"] = "member"
    contact: bool = False
    key: Key | None = None


class ServerInviteCall(Request, frozen=True):
    """Which invite is meant."""

    invite: Id


class ServerInviteShape(Shape, frozen=True):
    """An invite; `url` is shown to its maker alone, `email` is the only address that may use it."""

    id: str
    url: str | None
    created_by: str
    created_at: int
    expires_at: int | None
    max_uses: int | None
    uses: int
    role: str
    contact: bool
    groups: list[str]
    email: str | None


class OneServerInvite(Shape, frozen=True):
    """One invite."""

    invite: ServerInviteShape


class ServerInvites(Shape, frozen=True):
    """Usable invites, the newest first."""

    invites: list[ServerInviteShape]


class InvitedPeople(Shape, frozen=True):
    """An invite for each address; `mailed` says whether they are sent by e-mail."""

    invites: list[ServerInviteShape]
    mailed: bool


class InvitedGroup(Shape, frozen=True):
    """A group that someone joins who comes by their invite."""

    id: str
    title: str


class PersonOfFile(Shape, frozen=True):
    """Someone in the file; `line` counts from 1, `name` is empty if there is none."""

    line: int
    email: str
    name: str
    groups: list[InvitedGroup]


class InvitedFile(Shape, frozen=True):
    """The people of a file, and an invite for each, none after a dry run; `mailed` as elsewhere."""

    people: list[PersonOfFile]
    invites: list[ServerInviteShape]
    mailed: bool


class HowToRegister(Shape, frozen=True):
    """The mode of registration, and whether the caller may invite people who have no account."""

    mode: str
    may_invite: bool


class RegistrationShape(Shape, frozen=True):
    """Someone who wants an account."""

    id: str
    email: str
    name: str
    created_at: int


class ApprovalsCall(Request, frozen=True):
    """From where on those who wait are listed."""

    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Approvals(Shape, frozen=True):
    """A page of those who wait, the longest first."""

    registrations: list[RegistrationShape]
    more: bool


class AnswerRegistration(Request, frozen=True):
    """Whether someone who waits gets an account."""

    registration: Id
    approve: bool


def invite_shape(invite: ServerInvite, url: str | None) -> ServerInviteShape:
    """Return an invite as it is sent."""
    return ServerInviteShape(
        id=invite.id,
        url=url,
        created_by=invite.created_by or "",
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        max_uses=invite.max_uses,
        uses=invite.uses,
        role=invite.role,
        contact=invite.contact,
        groups=invite.groups.split(),
        email=invite.email,
    )
