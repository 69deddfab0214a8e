"""Opens a session once the second factor is there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from echosphere.accounts import (
    Attempt,
    Authentication,
    Device,
    OwnUser,
    PendingSignInFinished,
    SignedIn,
    StoredPassword,
    announce_new_device,
    clear_failures,
    find_password,
    find_session,
    get_own_user,
    open_session,
)
from echosphere.core.errors import Invalid, Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Database, Transaction
from echosphere.second_factor import store
from echosphere.second_factor.check_code import use_code
from echosphere.second_factor.encryption import Sealer
from echosphere.second_factor.hold import remember_device
from echosphere.second_factor.passkey_checks import PasskeyChecks
from echosphere.second_factor.passkeys import WRONG_PASSKEY, passkeys_for, use_passkey
from echosphere.second_factor.store import PendingRow
from echosphere.second_factor.wire import Assertion, AssertionOptions

EXPIRED = "This sign-in has expired. Start again with your password."


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What came after the password, and whether to remember the device.

    Attributes:
        token_hash: The hash of the pending sign-in's token.
        pending: The pending sign-in.
        use: Uses the second factor up; False if it does not count.
        remember: Whether to remember the device.
    """

    token_hash: str
    pending: PendingRow
    use: Callable[[Transaction], bool]
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """A sign-in with both factors; `remembered` is the token of a device to remember."""

    signed_in: SignedIn
    kind: str
    remembered: str | None = field(default=None, repr=False)


class SecondSteps:
    """Finishes sign-ins.

    Args:
        database: Holds the sign-ins under way.
        authentication: Counts attempts and knows devices.
        sealer: Opens the secrets of apps.
        passkeys: Checks passkeys.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        sealer: Sealer,
        passkeys: PasskeyChecks,
    ) -> None:
        self._passkeys = passkeys
        self._database = database
        self._authentication = authentication
        self._sealer = sealer

    async def is_pending(self, token: str) -> bool:
        """Whether a sign-in waits for its second factor."""
        return await self._database.read(store.find_pending, token_hash(token)) is not None

    async def passkey_options(self, token: str) -> AssertionOptions:
        """Return what a browser needs to use a passkey as the second factor.

        Raises:
            Unauthorized: The sign-in has expired or was finished.
            Conflict: This server has no passkeys.
        """
        hashed = token_hash(token)
        pending = await self._database.read(store.find_pending, hashed)
        if pending is None:
            raise Unauthorized(EXPIRED)
        host = self._passkeys.party.host
        known = await self._database.read(passkeys_for, pending.user_id, host)
        return self._passkeys.options("factor", hashed, known)

    async def finish(
        self, token: str, proof: str | Assertion, device: Device, *, remember: bool
    ) -> Finished:
        """Sign a user in whose password was right.

        Raises:
            Unauthorized: The sign-in has expired, was finished, or the password was changed since.
            Invalid: The code or the passkey is wrong, or was used already.
            TooMany: There were too many wrong codes; `retry_after` says when to try again.
        """
        hashed = token_hash(token)
        pending = await self._database.read(store.find_pending, hashed)
        if pending is None:
            raise Unauthorized(EXPIRED)
        if pending.kind == "bearer":  # the session of the browser, if there is one, stays
            device = replace(device, kind="bearer", replaces=None)
        use, attempt = await self._check(proof, hashed, pending.user_id, device)
        step = SecondStep(hashed, pending, use, remember)
        opened = await self._database.write(finish_sign_in, step, attempt, device)
        if opened is None:
            raise Invalid(WRONG_PASSKEY)
        user, session, stored, remembered = opened
        signed_in = self._authentication.signed_in(user, session, device, stored.password)
        return Finished(signed_in, pending.kind, remembered)

    async def _check(
        self, proof: str | Assertion, hashed: str, user_id: str, device: Device
    ) -> tuple[Callable[[Transaction], bool], Attempt]:
        """Count the attempt; return what uses the factor up."""
        if isinstance(proof, Assertion):
            checked, attempt = await self._passkeys.check(
                proof, "factor", hashed, user_id=user_id, device=device
            )
            return partial(use_passkey, checked=checked), attempt
        attempt = await self._authentication.begin_code(user_id, device)
        return partial(_use_code, sealer=self._sealer, user_id=user_id, code=proof), attempt


def _use_code(transaction: Transaction, sealer: Sealer, user_id: str, code: str) -> bool:
    use_code(transaction, sealer, user_id, code)
    return True


def finish_sign_in(
    transaction: Transaction, step: SecondStep, attempt: Attempt, device: Device
) -> tuple[OwnUser, str, StoredPassword, str | None] | None:
    """Use up factor and pending sign-in and open a session, all or nothing.

    Returns:
        The user, the token of the session, the stored password, and the token of a device that is
        to be remembered; None if the factor does not count.
    """
    user_id = step.pending.user_id
    stored = find_password(transaction, user_id)
    if stored is None or token_hash(stored.password) != step.pending.password_hash:
        raise Unauthorized(EXPIRED)
    if not step.use(transaction):
        return None
    if not store.use_pending(transaction, step.token_hash):
        raise Unauthorized(EXPIRED)
    clear_failures(transaction, attempt)
    session = open_session(transaction, user_id, device)
    if (opened := find_session(transaction, token_hash(session))) is not None:
        transaction.announce(PendingSignInFinished(step.token_hash, opened.id, user_id))
    if not attempt.known_device:
        announce_new_device(transaction, user_id, device)
    remembered = remember_device(transaction, stored, device) if step.remember else None
    return get_own_user(transaction, user_id), session, stored, remembered
