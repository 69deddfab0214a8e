"""Signs users in, and throttles failed attempts."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

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
from echosphere.database import Command, Provided, Snapshot, Transaction

WRONG = "The address or password is wrong."

FindKnownDevice = Callable[[str, StoredPassword], str | None]
"""Returns the id of a device, by its cookie, if the account has signed in on it before."""

FIND_KNOWN_DEVICE: Provided[FindKnownDevice] = Provided("which devices are known")

FindWaiting = Callable[[Snapshot, str], StoredPassword | None]
"""Returns the stored password of a registration that waits for an administrator."""

FIND_WAITING: Provided[FindWaiting] = Provided("which registrations wait")

HoldSignIn = Callable[[Transaction, StoredPassword, Device], str | None]
"""Returns a token for the rest of the sign-in if the account needs a second factor, else None."""

HOLD_SIGN_IN: Provided[HoldSignIn] = Provided("which sign-ins need a second factor")


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


class ThrottleKeys(msgspec.Struct, frozen=True):
    """The keys under which an attempt is counted: its account, and its network address."""

    account: str
    address: str | None = None


class Attempt(msgspec.Struct, frozen=True):
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
            raise too_many_requests("Too many failed attempts.", -(-self.wait // SECOND))


def account_key(email: str) -> str:
    """Return the key under which failed sign-ins to an account are counted."""
    return f"account:{email}"


def proof_key(user_id: str) -> str:
    """Return the key under which a signed-in user's wrong passwords are counted."""
    return f"proof:{user_id}"


class BeginSignIn(Command[Attempt]):
    """Find the account of an e-mail address and count the attempt, also if there is none.

    A device on which the account has signed in before has its own count, and no other applies.
    """

    email: str
    address: str
    device_cookie: str
    counted: bool

    def run(self, transaction: Transaction) -> Attempt:
        """Count it."""
        # Always, so that all addresses cost the same.
        waiting = FIND_WAITING.of(transaction)(transaction, self.email)
        secret = store.find_password_by_email(transaction, email=self.email) or waiting
        device = _known_device(transaction, self.device_cookie, secret)
        keys = (
            ThrottleKeys(f"device:{device}")
            if device
            else ThrottleKeys(account_key(self.email), f"address:{self.address}")
        )
        attempt = Attempt(secret, keys, known_device=device is not None)
        return _count_attempt(transaction, attempt, counted=self.counted)


class BeginReauthentication(Command[Attempt]):
    """Count the attempt of a signed-in user to prove that they know their password."""

    user_id: str
    counted: bool

    def run(self, transaction: Transaction) -> Attempt:
        """Count it."""
        secret = store.find_password(transaction, self.user_id)
        return _count_attempt(
            transaction,
            Attempt(secret, ThrottleKeys(proof_key(self.user_id))),
            counted=self.counted,
        )


class BeginCodeAttempt(Command[Attempt]):
    """Count an attempt at a second factor; the count outlives the sign-in that it belongs to.

    A device on which the account has signed in before has its own count, as for passwords.
    """

    user_id: str
    device_cookie: str
    counted: bool

    def run(self, transaction: Transaction) -> Attempt:
        """Count it."""
        stored = store.find_password(transaction, self.user_id)
        device = _known_device(transaction, self.device_cookie, stored)
        keys = ThrottleKeys(f"code-device:{device}" if device else f"code:{self.user_id}")
        attempt = Attempt(stored, keys, known_device=device is not None)
        return _count_attempt(transaction, attempt, counted=self.counted)


class FinishSignIn(Command[tuple[OwnUser, str] | PendingSignIn]):
    """Open a session after the password was checked; return the user and the token.

    If the account needs a second factor, no session is opened.

    Attributes:
        attempt: The attempt.
        new_hash: The new stored form of the password, if the old one is outdated.
        device: The device of the session.
        known_token: The token of a session to reuse while it is active.

    Raises:
        Unauthorized: The password was changed or the account closed since.
    """

    attempt: Attempt
    new_hash: str | None
    device: Device
    known_token: str | None

    def run(self, transaction: Transaction) -> tuple[OwnUser, str] | PendingSignIn:
        """Open the session, or hold the sign-in."""
        secret = self.attempt.secret
        if secret is None:
            raise Unauthorized(WRONG)
        store.lock_user(transaction, secret.user_id)  # a reset elsewhere comes before or after this
        if store.find_password(transaction, secret.user_id) != secret:
            raise Unauthorized(WRONG)
        if self.new_hash is not None:
            store.set_password(transaction, secret.user_id, old=secret.password, new=self.new_hash)
        clear_failures(transaction, self.attempt)
        store.delete_failures_before(transaction, transaction.now - WINDOW - HOUR)
        user = store.get_own_user(transaction, secret.user_id)
        if self.known_token and _is_active(transaction, user.id, self.known_token):
            return user, self.known_token
        stored = StoredPassword(user.id, self.new_hash or secret.password)
        if (pending := HOLD_SIGN_IN.of(transaction)(transaction, stored, self.device)) is not None:
            return PendingSignIn(pending)
        token = open_session(transaction, user.id, self.device)
        if not self.attempt.known_device:
            announce_new_device(transaction, user.id, self.device)
        return user, token


def _known_device(
    transaction: Transaction, cookie: str, stored: StoredPassword | None
) -> str | None:
    return None if stored is None else FIND_KNOWN_DEVICE.of(transaction)(cookie, stored)


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


class ReleaseAttempt(Command[None]):
    """Uncount an attempt; see `release_attempt`."""

    attempt: Attempt

    def run(self, transaction: Transaction) -> None:
        """Uncount it."""
        release_attempt(transaction, self.attempt)


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
