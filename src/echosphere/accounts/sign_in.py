"""Signs a person in, and counts those who fail."""

from collections.abc import Callable
from dataclasses import dataclass

from echosphere.accounts import store
from echosphere.accounts.failures import WINDOW, another, one_less
from echosphere.accounts.open_session import open_session
from echosphere.accounts.session import Device
from echosphere.accounts.store import Secret
from echosphere.accounts.wire import OwnUser
from echosphere.core.clock import HOUR, SECOND
from echosphere.core.errors import Unauthorized, too_many_requests
from echosphere.core.ids import token_hash
from echosphere.database import Transaction

WRONG = "The address or the password is wrong."


DeviceOf = Callable[[Secret], str | None]
"""Returns the name of the device from which somebody signs in, if it is known for the account."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Under which names an attempt is counted: whom it is about, and where it comes from."""

    account: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to prove who one is; it counts as failed until it has succeeded."""

    secret: Secret | None
    keys: Keys
    wait: int = 0

    def require_turn(self) -> None:
        """Refuse while there is to wait.

        Raises:
            TooMany: There were too many failures; `retry_after` says when to try again.
        """
        if self.wait:
            raise too_many_requests("There were too many failed attempts.", -(-self.wait // SECOND))


def begin_sign_in(
    transaction: Transaction, email: str, address: str, device_of: DeviceOf, counted: bool
) -> Attempt:
    """Look up whose address it is and count the attempt, for unknown addresses as for others.

    A device on which the account signed in before has a count of its own, and no other one.
    """
    secret = store.find_secret(transaction, email=email)
    device = device_of(secret) if secret else None
    keys = Keys(f"device:{device}") if device else Keys(f"account:{email}", f"address:{address}")
    return _counted(transaction, Attempt(secret, keys), counted=counted)


def begin_proof(transaction: Transaction, user: str, counted: bool) -> Attempt:
    """Count the attempt of a signed-in person to prove that they know the password."""
    secret = store.find_secret_of(transaction, user)
    return _counted(transaction, Attempt(secret, Keys(f"proof:{user}")), counted=counted)


def finish_sign_in(
    transaction: Transaction,
    attempt: Attempt,
    new_hash: str | None,
    device: Device,
    known_token: str | None = None,
) -> tuple[OwnUser, str]:
    """Sign in somebody whose password was right; return them and the token of their session.

    Args:
        transaction: Where the session is opened.
        attempt: What began.
        new_hash: The password hashed anew, when its stored form is outdated.
        device: Where the session will be used.
        known_token: That of a session to be used further, if it still lives.

    Raises:
        Unauthorized: The password was changed or the account closed in this very moment.
    """
    secret = attempt.secret
    known = secret and store.find_secret_of(transaction, secret.user)
    if secret is None or known != secret:
        raise Unauthorized(WRONG)
    if new_hash is not None:
        store.set_password(transaction, secret.user, old=secret.password, new=new_hash)
    take_back(transaction, attempt)
    store.forget_failures_before(transaction, transaction.now - WINDOW - HOUR)
    user = store.get_own_user(transaction, secret.user)
    if known_token is not None and _is_alive(transaction, user.id, known_token):
        return user, known_token
    return user, open_session(transaction, user.id, device)


def _is_alive(transaction: Transaction, user: str, token: str) -> bool:
    session = store.find_session(transaction, token_hash(token))
    return session is not None and session.user == user and session.is_alive(transaction.now)


def take_back(transaction: Transaction, attempt: Attempt) -> None:
    """Stop counting an attempt that succeeded, and what failed for this account before it."""
    give_back(transaction, attempt)
    store.forget_failures(transaction, attempt.keys.account)


def give_back(transaction: Transaction, attempt: Attempt) -> None:
    """Stop counting an attempt that did not fail: it was never answered, or it succeeded."""
    for key in _keys(attempt.keys):
        known = store.find_failures(transaction, key)
        if known is not None:
            store.put_failures(transaction, key, one_less(known))


def _counted(transaction: Transaction, attempt: Attempt, *, counted: bool) -> Attempt:
    """Count before the password is looked at: parallel guesses must not slip past the limit."""
    if not counted:
        return attempt
    now = transaction.now
    known = {key: store.find_failures(transaction, key) for key in _keys(attempt.keys)}
    wait = max((failures.wait(now) for failures in known.values() if failures), default=0)
    if wait:
        return Attempt(None, attempt.keys, wait)
    for key, failures in known.items():
        growing = key == attempt.keys.account
        store.put_failures(transaction, key, another(failures, now, growing=growing))
    return attempt


def _keys(keys: Keys) -> list[str]:
    return [keys.account] if keys.address is None else [keys.account, keys.address]
