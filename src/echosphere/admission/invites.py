"""Creates, lists and revokes invitations to the server."""

from collections.abc import Mapping, Sequence, Set
from functools import partial

from echosphere import audit
from echosphere.accounts import (
    AccountRole,
    Action,
    InvalidValueError,
    actor_of,
    emails_with_accounts,
    find_active_user,
    has_active_owner,
    is_operator,
    may,
    require_permission,
    tell_staff,
    validate,
)
from echosphere.admission import store
from echosphere.admission.invite import (
    INVITE_JOB,
    MAX_INVITES,
    InviteTerms,
    NewInvite,
    ServerInvite,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Command, CreateOnce, Snapshot, Transaction
from echosphere.memberships import require_may_invite_to
from echosphere.settings import Settings

EVERYBODY = "everybody"


def require_may_invite(settings: Settings, caller: Caller) -> None:
    """Refuse who may not invite people to the server.

    Raises:
        NotFound: Only administrators may.
        Forbidden: Everyone may but guests, and the caller is one.
    """
    if settings.server_invites == EVERYBODY:
        require_permission(caller, Action.INVITE_WHERE_ALL_MAY)
    else:
        require_permission(caller, Action.INVITE_TO_SERVER)


def may_invite(settings: Settings, role: str) -> bool:
    """Whether someone with this role may invite people to the server."""
    everybody = settings.server_invites == EVERYBODY
    return may(role, Action.INVITE_WHERE_ALL_MAY if everybody else Action.INVITE_TO_SERVER)


def maker_may_invite(snapshot: Snapshot, settings: Settings, invite: ServerInvite) -> bool:
    """Whether who made an invite may still invite; a link of someone who left is worth nothing.

    The owner's, which no one made, holds only as long as no one owns the server; one of the command line
    until it is revoked.
    """
    if invite.makes_owner:
        return not has_active_owner(snapshot)
    if invite.created_by is None:
        return True
    maker = find_active_user(snapshot, invite.created_by)
    return maker is not None and may_invite(settings, maker.role)


def create_server_invite(
    transaction: Transaction, caller: Caller, terms: InviteTerms, new: NewInvite
) -> str:
    """Return the id of a new invite.

    Args:
        transaction: The transaction.
        caller: The maker, who may invite.
        terms: What it does and for how long.
        new: Its id and the hash of its token.

    Raises:
        Conflict: The maker has too many.
        NotFound: The maker is not a member of one of the groups.
        Forbidden: The maker is no admin of one of the groups.
    """
    maker = None if is_operator(caller) else caller.user_id
    if maker and len(store.usable_invites(transaction, maker)) >= MAX_INVITES:
        raise Conflict(f"You already have {MAX_INVITES} invitations. Revoke some first.")
    for group in terms.groups:
        require_may_invite_to(transaction, caller.user_id, group)
    invite = _new_invite(transaction.now, maker, terms, new)
    store.insert_invite(transaction, invite)
    tell_staff(transaction, "invites")
    audit.record(transaction, actor_of(caller), "invite.created", invite.id, role=terms.role)
    return invite.id


def require_no_accounts(snapshot: Snapshot, caller: Caller, emails: Mapping[str, str]) -> None:
    """Refuse to invite who has an account, if the caller sees all accounts anyway.

    Args:
        snapshot: The snapshot.
        caller: Who invites; one who is not an administrator does not learn who has an account.
        emails: The addresses in normal form, by the fields that they are in.

    Raises:
        Invalid: Some of the addresses have an account; `fields` has a problem for each.
    """
    if not may(caller.role, Action.VIEW_ADMINISTRATION):
        return
    taken = emails_with_accounts(snapshot, emails.values())
    validate({place: partial(_require_no_account, email, taken) for place, email in emails.items()})


def _require_no_account(email: str, taken: Set[str]) -> None:
    if email in taken:
        raise InvalidValueError(
            f"An account with the address {email!r} already exists. Leave it out."
        )


class CreateServerInvite(CreateOnce):
    """Make an invite; see `create_server_invite`."""

    caller: Caller
    terms: InviteTerms
    new: NewInvite

    def create(self, transaction: Transaction) -> str:
        """Make it."""
        return create_server_invite(transaction, self.caller, self.terms, self.new)


class CreateServerInvites(CreateOnce):
    """Make an invite for each of several people and mail them; return the ids, separated by spaces."""

    caller: Caller
    all_terms: Sequence[InviteTerms]
    new: Sequence[NewInvite]
    mail: bool
    names: Sequence[str] = ()
    """Who they are, for the mails, if that is known."""
    places: Sequence[str] = ()
    """The fields that their addresses stand in, or the lines of a file."""

    def create(self, transaction: Transaction) -> str:
        """Make them."""
        places = self.places or [f"emails.{at}" for at in range(len(self.all_terms))]
        emails = {
            place: terms.email or "" for place, terms in zip(places, self.all_terms, strict=True)
        }
        require_no_accounts(transaction, self.caller, emails)
        made = [
            create_server_invite(transaction, self.caller, terms, one)
            for terms, one in zip(self.all_terms, self.new, strict=True)
        ]
        names = self.names or [""] * len(made)
        for invite, name in zip(made, names, strict=True) if self.mail else ():
            transaction.enqueue(INVITE_JOB, {"invite": invite, "name": name})
        return " ".join(made)


def list_invites(snapshot: Snapshot, caller: Caller) -> list[ServerInvite]:
    """Return the usable invites: an administrator sees everyone's."""
    every = may(caller.role, Action.INVITE_TO_SERVER)
    return store.usable_invites(snapshot, None if every else caller.user_id)


class RevokeServerInvite(Command[None]):
    """Make an invite worth nothing; an administrator may revoke everyone's.

    Raises:
        NotFound: There is no such invite.
    """

    caller: Caller
    invite: str

    def run(self, transaction: Transaction) -> None:
        """Revoke it."""
        every = may(self.caller.role, Action.INVITE_TO_SERVER)
        if not store.revoke_invite(
            transaction, self.invite, None if every else self.caller.user_id
        ):
            raise NotFound("Invitation not found.")
        tell_staff(transaction, "invites")
        audit.record(transaction, actor_of(self.caller), "invite.revoked", self.invite)


def make_owner_invite(transaction: Transaction, new: NewInvite) -> None:
    """Make the invite of the server's owner, which can be used once."""
    terms = InviteTerms(AccountRole.OWNER)
    store.insert_invite(transaction, _new_invite(transaction.now, None, terms, new))


def _new_invite(now: int, maker: str | None, terms: InviteTerms, new: NewInvite) -> ServerInvite:
    return ServerInvite(
        id=new.id,
        token_hash=new.token_hash,
        created_by=maker,
        created_at=now,
        expires_at=None if terms.expires_in is None else now + terms.expires_in * 1000,
        max_uses=terms.max_uses,
        uses=0,
        role=str(terms.role),
        contact=terms.contact,
        groups=" ".join(terms.groups),
        email=terms.email,
    )
