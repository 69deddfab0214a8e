"""The operations on server invitations and approvals."""

from collections.abc import Iterable, Sequence
from functools import partial

from echosphere.accounts import Action, normalize_email, permission, validate
from echosphere.admission import store
from echosphere.admission.approvals import ApproveRegistration, RefuseRegistration
from echosphere.admission.csv_file import InvitedRow
from echosphere.admission.emails import AdmissionEmails
from echosphere.admission.invite import (
    NO_LONGER,
    InviteTerms,
    ServerInvite,
    link_to,
    new_invite,
    token_of,
)
from echosphere.admission.invite_file import check_file, invited_file, read_file
from echosphere.admission.invites import (
    CreateServerInvite,
    CreateServerInvites,
    RevokeServerInvite,
    list_invites,
    may_invite,
    require_may_invite,
)
from echosphere.admission.limits import take_mails
from echosphere.admission.mode import current_mode
from echosphere.admission.wire import (
    AnswerRegistration,
    Approvals,
    ApprovalsCall,
    HowToRegister,
    InvitedFile,
    InvitedPeople,
    InviteFile,
    InvitePeople,
    MakeServerInvite,
    OneServerInvite,
    RegistrationShape,
    ServerInviteCall,
    ServerInvites,
    ServerInviteShape,
    invite_shape,
)
from echosphere.api import Empty, Existing, Operation, delete, get, post
from echosphere.core.caller import Caller
from echosphere.core.errors import Gone
from echosphere.core.ids import token_hash
from echosphere.core.rate_limits import Rate, RateLimiter
from echosphere.database import Creation, Database, find_created
from echosphere.settings import LiveSettings

INVITES_RATE = Rate("server invites", burst=20, every=10)
INVITES = "/server/invites"
APPROVALS = "/server/approvals"
REGISTRATION = "/server/registration"
PAGE = 100
"""Registrations that are listed at once."""


class AdmissionOperations:
    """Serves invites to the server and approvals.

    Args:
        database: Holds them.
        settings: Who may invite, and what links begin with.
        emails: Sends them, where there is a mail server.
        limiter: Counts the mails.
    """

    def __init__(
        self,
        database: Database,
        settings: LiveSettings,
        emails: AdmissionEmails,
        limiter: RateLimiter,
    ) -> None:
        self._limiter = limiter
        self._database = database
        self._settings = settings
        self._emails = emails
        self._token_of = partial(token_of, settings.start.secret_key)

    def all(self) -> list[Operation]:
        """Return the operations."""
        approves = permission(Action.APPROVE_REGISTRATIONS)
        invites = self._require_may_invite
        rate = INVITES_RATE
        return [
            Operation(self.invites, get(INVITES), permission=invites),
            Operation(self.invite, post(INVITES), permission=invites, rate=rate, status=201),
            Operation(
                self.invite_people,
                post(f"{INVITES}/people"),
                permission=invites,
                rate=rate,
                status=201,
            ),
            Operation(
                self.invite_file, post(f"{INVITES}/file"), permission=invites, rate=rate, status=201
            ),
            Operation(self.revoke, delete(f"{INVITES}/<invite>"), permission=invites),
            Operation(self.registration, get(REGISTRATION)),
            Operation(self.approvals, get(APPROVALS), permission=approves),
            Operation(self.answer, post(f"{APPROVALS}/<registration>"), permission=approves),
        ]

    async def invites(self, caller: Caller, _: Empty) -> ServerInvites:
        """List valid server invitations: the caller's own, or everyone's for administrators."""
        found = await self._database.read(list_invites, caller)
        return ServerInvites([self._shape(caller, invite) for invite in found])

    async def invite(self, caller: Caller, call: MakeServerInvite) -> OneServerInvite | Existing:
        """Create a server invitation; its creator can see the link while it is valid."""
        creation = Creation(caller.user_id, "server invites", call.key)
        made = await self._database.write(
            CreateServerInvite(
                creation, caller, call.terms(), new_invite(self._settings.start.secret_key)
            )
        )
        [one] = await self._own(caller, [made.id])
        return OneServerInvite(one) if made.new else Existing(OneServerInvite(one))

    async def invite_people(self, caller: Caller, call: InvitePeople) -> InvitedPeople | Existing:
        """Create an invitation for each of several e-mail addresses, and e-mail it if there is a mail server."""
        creation = Creation(caller.user_id, "server invites of people", call.key)
        emails, mails = _emails_of(call), self._emails
        terms = _terms_of(call, emails)
        if mails.is_configured and await self._database.read(find_created, creation) is None:
            take_mails(self._limiter, caller, [one.email or "" for one in terms])
        command = CreateServerInvites(
            creation,
            caller=caller,
            all_terms=terms,
            new=[new_invite(self._settings.start.secret_key) for _ in terms],
            mail=mails.is_configured,
            places=list(emails.values()),
        )
        made = await self._database.write(command)
        shown = await self._own(caller, made.id.split())
        invited = InvitedPeople(shown, self._emails.is_configured)
        return invited if made.new else Existing(invited)

    async def invite_file(self, caller: Caller, call: InviteFile) -> InvitedFile | Existing:
        """Invite the people in a CSV file, or only list them; problems are reported by line."""
        if call.dry_run:
            checked = await self._database.read(check_file, caller, call.csv)
            return Existing(invited_file(checked, [], mailed=False))
        people = await self._database.read(read_file, caller, call.csv)
        creation = Creation(caller.user_id, "server invites of a file", call.key)
        mails = self._emails
        if mails.is_configured and await self._database.read(find_created, creation) is None:
            take_mails(self._limiter, caller, [one.email for one in people])
        command = CreateServerInvites(
            creation,
            caller=caller,
            all_terms=[_terms_of_person(call, one) for one in people],
            new=[new_invite(self._settings.start.secret_key) for _ in people],
            mail=mails.is_configured,
            names=[one.name for one in people],
            places=[str(one.line) for one in people],
        )
        made = await self._database.write(command)
        shown = await self._own(caller, made.id.split())
        invited = invited_file(people, shown, mailed=mails.is_configured)
        return invited if made.new else Existing(invited)

    async def revoke(self, caller: Caller, call: ServerInviteCall) -> None:
        """Revoke a server invitation."""
        await self._database.write(RevokeServerInvite(caller, call.invite))

    async def registration(self, caller: Caller, _: Empty) -> HowToRegister:
        """Show how people can currently register, and whether the caller can invite them."""
        mode = await self._database.read(current_mode, self._settings.current)
        return HowToRegister(mode, may_invite(self._settings.current, caller.role))

    async def approvals(self, _caller: Caller, call: ApprovalsCall) -> Approvals:
        """List registrations that are waiting for approval, oldest first."""
        found = await self._database.read(store.list_waiting, call.offset, PAGE + 1)
        shown = [RegistrationShape(*one) for one in found[:PAGE]]
        return Approvals(shown, len(found) > PAGE)

    async def answer(self, caller: Caller, call: AnswerRegistration) -> None:
        """Approve or reject a registration; an approved person gets an e-mail if there is a mail server."""
        if call.approve:
            mail = self._emails.is_configured
            await self._database.write(ApproveRegistration(caller, call.registration, mail))
        else:
            await self._database.write(RefuseRegistration(caller, call.registration))

    async def _own(self, caller: Caller, ids: Sequence[str]) -> list[ServerInviteShape]:
        """Return invites that were made just now; by a repeat they may be used up."""
        usable = await self._database.read(store.usable_invites, caller.user_id)
        found = {one.id: self._shape(caller, one) for one in usable}
        if any(one not in found for one in ids):
            raise Gone(NO_LONGER)
        return [found[one] for one in ids]

    def _require_may_invite(self, caller: Caller) -> None:
        require_may_invite(self._settings.current, caller)

    def _shape(self, caller: Caller, invite: ServerInvite) -> ServerInviteShape:
        token = self._token_of(invite.id)
        own = invite.created_by == caller.user_id and token_hash(token) == invite.token_hash
        return invite_shape(invite, link_to(self._settings.start.base_url, token) if own else None)


def _terms_of(call: InvitePeople, emails: Iterable[str]) -> list[InviteTerms]:
    groups = tuple(dict.fromkeys(call.groups))
    return [
        InviteTerms(call.role, call.expires_in, 1, call.contact, groups, email) for email in emails
    ]


def _emails_of(call: InvitePeople) -> dict[str, str]:
    """Return the addresses in normal form, each with the first field that it stands in."""
    emails = validate(
        {f"emails.{at}": partial(normalize_email, one) for at, one in enumerate(call.emails)}
    )
    found: dict[str, str] = {}
    for field, email in emails.items():
        found.setdefault(email, field)
    return found


def _terms_of_person(call: InviteFile, person: InvitedRow) -> InviteTerms:
    groups = tuple(one.id for one in person.groups)
    return InviteTerms(call.role, call.expires_in, 1, call.contact, groups, person.email)
