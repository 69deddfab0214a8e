"""Signs in whom a provider has authenticated: finds, links or makes the account, and opens a session."""

from typing import NamedTuple

import msgspec

from echosphere import audit
from echosphere.accounts import (
    ADMIT,
    FIND_KNOWN_DEVICE,
    FIND_WAITING,
    HOLD_SIGN_IN,
    Device,
    NewAccount,
    OwnUser,
    PendingSignIn,
    PendingSignInFinished,
    SecurityEvent,
    StoredPassword,
    announce_new_device,
    confirm_email,
    find_password,
    find_session,
    find_user_id_by_email,
    get_own_user,
    lock_user,
    needs_second_factor,
    open_session,
    retire_password,
    set_account_role,
    unusable_password,
)
from echosphere.core.clock import MINUTE
from echosphere.core.errors import Conflict, Forbidden, Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Command, Snapshot, Transaction
from echosphere.openid_connect import store
from echosphere.openid_connect.claims import Identity, role_for
from echosphere.openid_connect.errors import NOT_BEGUN_HERE
from echosphere.openid_connect.store import StoredIdentity
from echosphere.settings import OpenIdProvider

PENDING_FOR = 10 * MINUTE
NO_ACCOUNT = "You do not have an account here. Ask an administrator of this server for one."
NOT_CONFIRMED = (
    "The sign-in service has not confirmed your e-mail address, so you cannot register with it."
)
HAS_ACCOUNT = (
    "An account with your e-mail address already exists. Sign in to it and link this sign-in "
    "service in your account settings."
)
LINKED_ALREADY = "This sign-in is already linked to an account."
WAITS = "An administrator has not approved your account yet. Try again later."


class ProviderRules(msgspec.Struct, frozen=True):
    """What the operator lets a provider do with accounts; its secret is no part of a command.

    Attributes:
        name: The provider's name.
        register: Whether people without an account get one.
        match_email: Whether a confirmed address signs in to the account that has it.
        role_claim: The claim that roles come from; "" for none.
        roles: The role for each value of the claim.
    """

    name: str
    register: bool
    match_email: bool
    role_claim: str
    roles: dict[str, str]


def rules_of(provider: OpenIdProvider) -> ProviderRules:
    """Return what the operator lets a provider do."""
    return ProviderRules(
        provider.name,
        provider.register,
        provider.match_email,
        provider.role_claim,
        dict(provider.roles),
    )


class Arriving(msgspec.Struct, frozen=True):
    """Someone who comes from a provider.

    Attributes:
        identity: Who it is there.
        provider: What the provider may do.
        device: The device.
        invite: The token of an invite by which they come, if there is one.
    """

    identity: Identity
    provider: ProviderRules
    device: Device
    invite: str | None = None


class Opened(NamedTuple):
    """A session that was opened."""

    user: OwnUser
    stored: StoredPassword
    token: str


class SignInByProvider(Command[Opened | PendingSignIn | None], own_transaction=True):
    """Open a session for whom a provider has authenticated.

    Returns:
        The session, or what lacks a second factor; None if the registration waits for approval.

    Raises:
        Forbidden: They have no account and may not get one, or are kept out.
        Conflict: The address has an account that is not theirs by this way.
    """

    arriving: Arriving

    def run(self, transaction: Transaction) -> Opened | PendingSignIn | None:
        """Find, link or make the account, and open the session."""
        known = _locked_identity(transaction, self.arriving.identity)
        if known is None or known.user_id is None:
            user_id = _newcomer(transaction, self.arriving, known)
            if user_id is None:
                return None
        else:
            user_id = known.user_id
            store.touch_identity(transaction, known.id)
        _follow_role(transaction, self.arriving, user_id)
        return _open(transaction, self.arriving, user_id, is_new=known is None)


def will_register(snapshot: Snapshot, arriving: Arriving) -> bool:
    """Whether someone gets an account, or begins to wait for one, when they come in now."""
    identity = arriving.identity
    if store.find_identity(snapshot, identity.issuer, identity.subject) is not None:
        return False
    if not arriving.provider.register or identity.email is None or not identity.verified:
        return False
    return find_user_id_by_email(snapshot, identity.email) is None


def finish_pending(transaction: Transaction, event: PendingSignInFinished) -> None:
    """Note by whom a session was opened whose second factor came now.

    Raises:
        Unauthorized: The provider has signed the person out meanwhile.
    """
    if not store.finish_pending(transaction, event.token_hash, event.session_id, event.user_id):
        raise Unauthorized(NOT_BEGUN_HERE)


def _locked_identity(transaction: Transaction, identity: Identity) -> StoredIdentity | None:
    """Return what is known of someone, behind the lock of their account if they have one."""
    known = store.find_identity(transaction, identity.issuer, identity.subject)
    if known is None or known.user_id is None:
        return known
    lock_user(transaction, known.user_id)
    return store.find_identity(transaction, identity.issuer, identity.subject)


def _newcomer(
    transaction: Transaction, arriving: Arriving, known: StoredIdentity | None
) -> str | None:
    """Return the account that someone gets or is linked to; None if they wait for it."""
    identity = arriving.identity
    if known is not None:
        if _still_waits(transaction, known, identity):
            raise Forbidden(WAITS)
        store.delete_identity(transaction, known.id)
    # An address that the provider has not verified must not tell whether it has an account here.
    known_email = identity.email if identity.verified else None
    owner = find_user_id_by_email(transaction, known_email) if known_email else None
    if owner is None:
        return _register(transaction, arriving)
    lock_user(transaction, owner)
    if not arriving.provider.match_email or _has_other_ways_in(transaction, owner):
        raise Conflict(HAS_ACCOUNT)
    link(transaction, arriving, owner)
    # Whoever made the account may not have had this address: nothing of theirs goes on.
    retire_password(transaction, owner)
    confirm_email(transaction, owner)
    return owner


def _has_other_ways_in(transaction: Transaction, user_id: str) -> bool:
    """Whether more than a password opens an account, which whoever has the address may not know of.

    It may be another person at a provider, whose address was given to someone else since, or what
    was added by whoever registered with an address that is not theirs.
    """
    return needs_second_factor(transaction, user_id) or bool(
        store.identities_of(transaction, user_id)
    )


def link(transaction: Transaction, arriving: Arriving, user_id: str) -> None:
    """Let someone at a provider sign in to an account, and have its owner told."""
    lock_user(transaction, user_id)
    if not store.insert_identity(transaction, arriving.identity, user_id):
        raise Conflict(LINKED_ALREADY)
    device = arriving.device
    transaction.announce(SecurityEvent(user_id, "provider_linked", device.name, device.address))
    actor = audit.Actor(user_id, device.address)
    audit.record(
        transaction, actor, "user.provider_linked", user_id, provider=arriving.provider.name
    )


def _still_waits(transaction: Transaction, known: StoredIdentity, identity: Identity) -> bool:
    waiting = FIND_WAITING.of(transaction)(transaction, identity.email or "")
    return waiting is not None and waiting.password == known.waiting


def _register(transaction: Transaction, arriving: Arriving) -> str | None:
    identity = arriving.identity
    if not arriving.provider.register:
        raise Forbidden(NO_ACCOUNT)
    if identity.email is None or not identity.verified:
        raise Forbidden(NOT_CONFIRMED)
    account = NewAccount(identity.email, identity.name, "")
    placeholder = unusable_password()
    made = ADMIT.of(transaction)(transaction, account, placeholder, arriving.invite)
    stored = find_password(transaction, made)
    waits = stored is None
    own = (None, placeholder) if waits else (made, None)
    if not store.insert_identity(transaction, identity, *own):
        raise Conflict(LINKED_ALREADY)
    if waits:
        return None
    confirm_email(transaction, made)
    actor = audit.Actor(made, arriving.device.address)
    audit.record(transaction, actor, "user.registered", made, provider=arriving.provider.name)
    return made


def _follow_role(transaction: Transaction, arriving: Arriving, user_id: str) -> None:
    """Give an account the role that the provider's claim asks for; its sessions end if it changes."""
    provider = arriving.provider
    if not provider.role_claim:
        return
    before = get_own_user(transaction, user_id).role
    role = role_for(before, arriving.identity.values, provider.roles)
    if role == before:
        return
    try:
        set_account_role(transaction, user_id, role)
    except Conflict:  # the last owner stays one, whatever a provider says
        return
    audit.record(
        transaction,
        audit.Actor(user_id, arriving.device.address),
        "user.role_changed",
        user_id,
        role=role.value,
        before=before,
        provider=provider.name,
    )


def _open(
    transaction: Transaction, arriving: Arriving, user_id: str, *, is_new: bool
) -> Opened | PendingSignIn:
    identity, device = arriving.identity, arriving.device
    stored = find_password(transaction, user_id)
    if stored is None:
        raise Forbidden(NO_ACCOUNT)
    hold = HOLD_SIGN_IN.of(transaction)
    pending = None if identity.has_factor else hold(transaction, stored, device)
    if pending is not None:
        expires_at = transaction.now + PENDING_FOR
        store.insert_pending(transaction, token_hash(pending), identity, expires_at)
        return PendingSignIn(pending)
    token = open_session(
        transaction,
        user_id,
        device,
        proved_at=min(identity.authenticated_at or 0, transaction.now),
        has_second_factor=identity.has_factor,
    )
    session = find_session(transaction, token_hash(token))
    if session is not None:
        store.insert_session(transaction, session.id, user_id, identity)
    known_device = FIND_KNOWN_DEVICE.of(transaction)(device.device_cookie, stored)
    if not is_new and known_device is None:
        announce_new_device(transaction, user_id, device)
    return Opened(get_own_user(transaction, user_id), stored, token)
