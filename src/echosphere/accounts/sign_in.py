"""Signs users in, and throttles failed attempts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from echosphere.accounts import store
from echosphere.accounts.events import SecurityEvent
from echosphere.accounts.login_throttle import WINDOW, record_failure, release
from echosphere.accounts.opening import open_session
from echosphere.accounts.session import Device
from echosphere.accounts.store import StoredPassword
from echosphere.accounts.wire import OwnUser
from echosphere.core.clock import HOUR, SECOND
from echosphere.core.errors import Unauthorized, too_many_requests
from echosphere.core.ids import token_hash
from echosphere.database import Snapshot, Transaction

WRONG = "The address or the password is wrong."

FindKnownDevice = Callable[[StoredPassword], str | None]
"""Returns the id of the caller's device if the account has signed in on it before."""

FindWaiting = Callable[[Snapshot, str], StoredPassword | None]
"""Returns the stored password of a registration that waits for an administrator."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """How the device and, apart from accounts, the registration of an attempt are found."""

    find_device: FindKnownDevice
    find_waiting: FindWaiting


HoldSignIn = Callable[[Transaction, StoredPassword, Device], str | None]
"""Returns a token for the rest of the sign-in if the account needs a second factor, else None."""


def hold_nothing(_transaction: Transaction, _stored: StoredPassword, _device: Device) -> str | None:
    """Return None, for servers without second factors."""
    return None


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in whose password was right: only the second factor opens a session.

    Attributes:
        token: With it, and nothing else, the sign-in goes on.
    """

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ThrottleKeys:
    """The keys under which an attempt is counted: its account, and its network address."""

    account: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to authenticate; it counts as failed until it succeeds.

    Attributes:
        secret: What the account signs in with; None if there is none.
        keys: Where it is counted.
        wait: Milliseconds until the next attempt is allowed.
        known_device: Whether the account has signed in on this device before.
    """

    secret: StoredPassword | None
    keys: ThrottleKeys
    wait: int = 0
    known_device: bool = False

    def require_not_throttled(self) -> None:
        """Raise if the attempt has to wait.

        Raises:
            TooMany: There were too many failures; `retry_after` says when to try again.
        """
        if self.wait:
            raise too_many_requests("There were too many failed attempts.", -(-self.wait // SECOND))


def account_key(email: str) -> str:
    """Return the key under which failed sign-ins to an account are counted."""
    return f"account:{email}"


def proof_key(user_id: str) -> str:
    """Return the key under which a signed-in user's wrong passwords are counted."""
    return f"proof:{user_id}"


def begin_sign_in(
    transaction: Transaction,
    email: str,
    address: str,
    lookups: Lookups,
    counted: bool,
) -> Attempt:
    """Find the account of an e-mail address and count the attempt, also if there is none.

    A device on which the account has signed in before has its own count, and no other applies.
    """
    waiting = lookups.find_waiting(
        transaction, email
    )  # always, so that all addresses cost the same
    secret = store.find_password_by_email(transaction, email=email) or waiting
    device = lookups.find_device(secret) if secret else None
    keys = (
        ThrottleKeys(f"device:{device}")
        if device
        else ThrottleKeys(account_key(email), f"address:{address}")
    )
    attempt = Attempt(secret, keys, known_device=device is not None)
    return _count_attempt(transaction, attempt, counted=counted)


def begin_reauthentication(transaction: Transaction, user_id: str, counted: bool) -> Attempt:
    """Count the attempt of a signed-in user to prove that they know their password."""
    secret = store.find_password(transaction, user_id)
    return _count_attempt(
        transaction, Attempt(secret, ThrottleKeys(proof_key(user_id))), counted=counted
    )


def begin_code_attempt(
    transaction: Transaction, user_id: str, find_device: FindKnownDevice | None, counted: bool
) -> Attempt:
    """Count an attempt at a second factor; the count outlives the sign-in that it belongs to.

    A device on which the account has signed in before has its own count, as for passwords.
    """
    stored = store.find_password(transaction, user_id)
    device = find_device(stored) if stored and find_device else None
    keys = ThrottleKeys(f"code-device:{device}" if device else f"code:{user_id}")
    attempt = Attempt(stored, keys, known_device=device is not None)
    return _count_attempt(transaction, attempt, counted=counted)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a session is opened after the password was checked.

    Attributes:
        device: The device of the session.
        hold: Whether the account needs a second factor.
        known_token: The token of a session to reuse while it is active.
    """

    device: Device
    hold: HoldSignIn = hold_nothing
    known_token: str | None = field(default=None, repr=False)


def finish_sign_in(
    transaction: Transaction,
    attempt: Attempt,
    new_hash: str | None,
    opening: Opening,
) -> tuple[OwnUser, str] | PendingSignIn:
    """Open a session after the password was checked; return the user and the token.

    If the account needs a second factor, no session is opened.

    Args:
        transaction: The transaction.
        attempt: The attempt.
        new_hash: The new stored form of the password, if the old one is outdated.
        opening: How the session is opened.

    Raises:
        Unauthorized: The password was changed or the account closed since.
    """
    secret = attempt.secret
    known = secret and store.find_password(transaction, secret.user_id)
    if secret is None or known != secret:
        raise Unauthorized(WRONG)
    if new_hash is not None:
        store.set_password(transaction, secret.user_id, old=secret.password, new=new_hash)
    clear_failures(transaction, attempt)
    store.delete_failures_before(transaction, transaction.now - WINDOW - HOUR)
    user = store.get_own_user(transaction, secret.user_id)
    if opening.known_token and _is_active(transaction, user.id, opening.known_token):
        return user, opening.known_token
    stored = StoredPassword(user.id, new_hash or secret.password)
    if (pending := opening.hold(transaction, stored, opening.device)) is not None:
        return PendingSignIn(pending)
    token = open_session(transaction, user.id, opening.device)
    if not attempt.known_device:
        announce_new_device(transaction, user.id, opening.device)
    return user, token


def announce_new_device(transaction: Transaction, user_id: str, device: Device) -> None:
    """Have the owner told of a sign-in on a device that is not known."""
    event = SecurityEvent(user_id, "new_device", device.name, device.address)
    transaction.announce(event)


def _is_active(transaction: Transaction, user_id: str, token: str) -> bool:
    session = store.find_session(transaction, token_hash(token))
    return session is not None and session.user_id == user_id and session.is_active(transaction.now)


def clear_failures(transaction: Transaction, attempt: Attempt) -> None:
    """Uncount a successful attempt, and forget the account's earlier failures."""
    release_attempt(transaction, attempt)
    store.delete_failures(transaction, attempt.keys.account)


def release_attempt(transaction: Transaction, attempt: Attempt) -> None:
    """Uncount an attempt that succeeded or was not checked."""
    for key in _keys(attempt.keys):
        known = store.find_failures(transaction, key)
        if known is not None:
            store.save_failures(transaction, key, release(known))


def _count_attempt(transaction: Transaction, attempt: Attempt, *, counted: bool) -> Attempt:
    """Count before the password is checked, so that parallel guesses cannot exceed the limit."""
    if not counted:
        return attempt
    now = transaction.now
    known = {key: store.find_failures(transaction, key) for key in _keys(attempt.keys)}
    wait = max((failures.wait(now) for failures in known.values() if failures), default=0)
    if wait:
        return Attempt(None, attempt.keys, wait)
    for key, failures in known.items():
        doubling = key == attempt.keys.account
        store.save_failures(transaction, key, record_failure(failures, now, doubling=doubling))
    return attempt


def _keys(keys: ThrottleKeys) -> list[str]:
    return [keys.account] if keys.address is None else [keys.account, keys.address]
