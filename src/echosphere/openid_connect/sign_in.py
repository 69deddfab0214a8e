"""Signs in whom a provider has authenticated: finds, links or makes the account, and opens a session."""

from dataclasses import dataclass
from typing import Protocol

from echosphere import audit
from echosphere.accounts import (
    Device,
    HoldSignIn,
    NewAccount,
    OwnUser,
    PendingSignIn,
    PendingSignInFinished,
    RegistrationPolicy,
    SecurityEvent,
    StoredPassword,
    announce_new_device,
    find_password,
    find_session,
    find_user_id_by_email,
    get_own_user,
    lock_user,
    open_session,
    retire_password,
    set_account_role,
    unusable_password,
)
from echosphere.core.clock import MINUTE
from echosphere.core.errors import Conflict, Forbidden, Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Transaction, alone
from echosphere.openid_connect import store
from echosphere.openid_connect.claims import Identity, role_for
from echosphere.openid_connect.errors import NOT_BEGUN_HERE
from echosphere.openid_connect.store import StoredIdentity
from echosphere.settings import OpenIdProvider

PENDING_FOR = 10 * MINUTE
NO_ACCOUNT = "There is no account here for you. Ask whoever runs this server for one."
NOT_CONFIRMED = (
    "The sign-in service has not confirmed your e-mail address, so you cannot register with it."
)
HAS_ACCOUNT = (
    "There is an account with your e-mail address already. Sign in to it, and link this sign-in "
    "service in the settings of your account."
)
WAITS = "An administrator has not approved your account yet. Try again later."


class KnowsDevice(Protocol):
    """Whether an account has signed in on a device before."""

    def __call__(self, device: Device, stored: StoredPassword) -> bool:
        """Look at the device's cookie."""


@dataclass(frozen=True, slots=True)
class House:
    """What signing in needs of accounts.

    Attributes:
        admission: Decides who may register.
        hold: Whether an account needs a second factor.
        knows_device: Whether the device is new to the account.
    """

    admission: RegistrationPolicy
    hold: HoldSignIn
    knows_device: KnowsDevice


@dataclass(frozen=True, slots=True)
class Arriving:
    """Somebody who comes from a provider.

    Attributes:
        identity: Who it is there.
        provider: What the operator wrote of the provider.
        device: The device.
        invite: The token of an invite by which they come, if there is one.
    """

    identity: Identity
    provider: OpenIdProvider
    device: Device
    invite: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened, or a sign-in that lacks a second factor."""

    user: OwnUser
    stored: StoredPassword
    token: str
    is_new: bool = False


@alone
def sign_in(
    transaction: Transaction, arriving: Arriving, house: House
) -> Opened | PendingSignIn | None:
    """Open a session for whom a provider has authenticated.

    Returns:
        The session, or what lacks a second factor; None if the registration waits for approval.

    Raises:
        Forbidden: They have no account and may not get one, or are kept out.
        Conflict: The address has an account that is not theirs by this way.
    """
    identity = arriving.identity
    known = store.find_identity(transaction, identity.issuer, identity.subject)
    if known is None or known.user_id is None:
        user_id = _newcomer(transaction, arriving, house, known)
        if user_id is None:
            return None
    else:
        user_id = known.user_id
        store.touch_identity(transaction, known.id)
    _follow_role(transaction, arriving, user_id)
    return _open(transaction, arriving, house, user_id, is_new=known is None)


def finish_pending(transaction: Transaction, event: PendingSignInFinished) -> None:
    """Note by whom a session was opened whose second factor came now.

    Raises:
        Unauthorized: The provider has signed the person out meanwhile.
    """
    if not store.finish_pending(transaction, event.token_hash, event.session_id, event.user_id):
        raise Unauthorized(NOT_BEGUN_HERE)


def _newcomer(
    transaction: Transaction, arriving: Arriving, house: House, known: StoredIdentity | None
) -> str | None:
    """Return the account that somebody gets or is linked to; None if they wait for it."""
    identity = arriving.identity
    if known is not None:
        if _still_waits(transaction, house, known, identity):
            raise Forbidden(WAITS)
        store.delete_identity(transaction, known.id)
    owner = find_user_id_by_email(transaction, identity.email) if identity.email else None
    if owner is None:
        return _register(transaction, arriving, house)
    if not (identity.verified and arriving.provider.match_email):
        raise Conflict(HAS_ACCOUNT)
    link(transaction, arriving, owner)
    # Whoever made the account may not have had this address: nothing of theirs goes on.
    retire_password(transaction, owner)
    return owner


def link(transaction: Transaction, arriving: Arriving, user_id: str) -> None:
    """Let somebody at a provider sign in to an account, and have its owner told."""
    lock_user(transaction, user_id)
    if not store.insert_identity(transaction, arriving.identity, user_id):
        raise Conflict("This sign-in is linked to an account already.")
    device = arriving.device
    transaction.announce(SecurityEvent(user_id, "provider_linked", device.name, device.address))
    actor = audit.Actor(user_id, device.address)
    audit.record(
        transaction, actor, "user.provider_linked", user_id, provider=arriving.provider.name
    )


def _still_waits(
    transaction: Transaction, house: House, known: StoredIdentity, identity: Identity
) -> bool:
    waiting = house.admission.find_waiting(transaction, identity.email or "")
    return waiting is not None and waiting.password == known.waiting


def _register(transaction: Transaction, arriving: Arriving, house: House) -> str | None:
    identity = arriving.identity
    if not arriving.provider.register:
        raise Forbidden(NO_ACCOUNT)
    if identity.email is None or not identity.verified:
        raise Forbidden(NOT_CONFIRMED)
    account = NewAccount(identity.email, identity.name, "")
    placeholder = unusable_password()
    house.admission.check(transaction, account.email, arriving.invite)
    made = house.admission.admit(transaction, account, placeholder, arriving.invite)
    stored = find_password(transaction, made)
    waits = stored is None
    store.insert_identity(
        transaction, identity, None if waits else made, placeholder if waits else None
    )
    if waits:
        return None
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
    transaction: Transaction, arriving: Arriving, house: House, user_id: str, *, is_new: bool
) -> Opened | PendingSignIn:
    identity, device = arriving.identity, arriving.device
    stored = find_password(transaction, user_id)
    if stored is None:
        raise Forbidden(NO_ACCOUNT)
    pending = None if identity.has_factor else house.hold(transaction, stored, device)
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
    if not is_new and not house.knows_device(device, stored):
        announce_new_device(transaction, user_id, device)
    return Opened(get_own_user(transaction, user_id), stored, token, is_new=is_new)
