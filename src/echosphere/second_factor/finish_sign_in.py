"""Opens a session once the second factor is there."""

from dataclasses import dataclass, field, replace

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
    lock_user,
    open_session,
)
from echosphere.core.errors import Invalid, Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Command, Database, Transaction
from echosphere.second_factor import store
from echosphere.second_factor.check_code import use_code
from echosphere.second_factor.encryption import SEALER
from echosphere.second_factor.hold import remember_device
from echosphere.second_factor.passkey_checks import PasskeyChecks
from echosphere.second_factor.passkeys import (
    WRONG_PASSKEY,
    CheckedPasskey,
    passkeys_for,
    use_passkey,
)
from echosphere.second_factor.store import PendingRow
from echosphere.second_factor.wire import Assertion, AssertionOptions

EXPIRED = "This sign-in has expired. Start again with your password."


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What came after the password, and whether to remember the device.

    Attributes:
        token_hash: The hash of the pending sign-in's token.
        pending: The pending sign-in.
        proof: The passkey whose signature was right, or the code that was entered.
        remember: Whether to remember the device.
    """

    token_hash: str
    pending: PendingRow
    proof: CheckedPasskey | str = field(repr=False)
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
        passkeys: Checks passkeys.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        passkeys: PasskeyChecks,
    ) -> None:
        self._passkeys = passkeys
        self._database = database
        self._authentication = authentication

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
        checked, attempt = await self._check(proof, hashed, pending.user_id, device)
        step = SecondStep(hashed, pending, checked, remember)
        opened = await self._database.write(FinishSecondStep(step, attempt, device))
        if opened is None:
            raise Invalid(WRONG_PASSKEY)
        user, session, stored, remembered = opened
        signed_in = self._authentication.signed_in(user, session, device, stored.password)
        return Finished(signed_in, pending.kind, remembered)

    async def _check(
        self, proof: str | Assertion, hashed: str, user_id: str, device: Device
    ) -> tuple[CheckedPasskey | str, Attempt]:
        """Count the attempt; return the checked passkey, or the code."""
        if isinstance(proof, Assertion):
            checked, attempt = await self._passkeys.check(
                proof, "factor", hashed, user_id=user_id, device=device
            )
            return checked, attempt
        attempt = await self._authentication.begin_code(user_id, device)
        return proof, attempt


def _use_factor(transaction: Transaction, step: SecondStep) -> bool:
    """Use a factor up; return False if it does not count."""
    if isinstance(step.proof, CheckedPasskey):
        return use_passkey(transaction, step.proof)
    use_code(transaction, SEALER.of(transaction), step.pending.user_id, step.proof)
    return True


class FinishSecondStep(Command[tuple[OwnUser, str, StoredPassword, str | None] | None]):
    """Use up factor and pending sign-in and open a session, all or nothing.

    Returns:
        The user, the token of the session, the stored password, and the token of a device that is
        to be remembered; None if the factor does not count.
    """

    step: SecondStep
    attempt: Attempt
    device: Device

    def run(
        self, transaction: Transaction
    ) -> tuple[OwnUser, str, StoredPassword, str | None] | None:
        """Finish it."""
        user_id = self.step.pending.user_id
        lock_user(transaction, user_id)
        stored = find_password(transaction, user_id)
        if stored is None or token_hash(stored.password) != self.step.pending.password_hash:
            raise Unauthorized(EXPIRED)
        if not _use_factor(transaction, self.step):
            return None
        if not store.use_pending(transaction, self.step.token_hash):
            raise Unauthorized(EXPIRED)
        clear_failures(transaction, self.attempt)
        session = open_session(transaction, user_id, self.device)
        if (opened := find_session(transaction, token_hash(session))) is not None:
            transaction.announce(PendingSignInFinished(self.step.token_hash, opened.id, user_id))
        if not self.attempt.known_device:
            announce_new_device(transaction, user_id, self.device)
        remembered = (
            remember_device(transaction, stored, self.device) if self.step.remember else None
        )
        return get_own_user(transaction, user_id), session, stored, remembered
