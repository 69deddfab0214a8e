"""Opens a session once the second factor is there."""

from dataclasses import dataclass, field, replace

from echosphere.accounts import (
    Attempt,
    Authentication,
    Device,
    OwnUser,
    SignedIn,
    StoredPassword,
    announce_new_device,
    clear_failures,
    find_password,
    get_own_user,
    open_session,
)
from echosphere.core.errors import Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Database, Transaction
from echosphere.second_factor import store
from echosphere.second_factor.check_code import use_code
from echosphere.second_factor.encryption import Sealer
from echosphere.second_factor.hold import remember_device
from echosphere.second_factor.store import PendingRow

EXPIRED = "This sign-in has expired. Start again with your password."


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What came after the password: the code, and whether to remember the device."""

    token_hash: str
    pending: PendingRow
    code: str = field(repr=False)
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
    """

    def __init__(self, database: Database, authentication: Authentication, sealer: Sealer) -> None:
        self._database = database
        self._authentication = authentication
        self._sealer = sealer

    async def is_pending(self, token: str) -> bool:
        """Whether a sign-in waits for its second factor."""
        return await self._database.read(store.find_pending, token_hash(token)) is not None

    async def finish(self, token: str, code: str, device: Device, *, remember: bool) -> Finished:
        """Sign a user in whose password was right.

        Raises:
            Unauthorized: The sign-in has expired, was finished, or the password was changed since.
            Invalid: The code is wrong, or was used already.
            TooMany: There were too many wrong codes; `retry_after` says when to try again.
        """
        hashed = token_hash(token)
        pending = await self._database.read(store.find_pending, hashed)
        if pending is None:
            raise Unauthorized(EXPIRED)
        if pending.kind == "bearer":  # the session of the browser, if there is one, stays
            device = replace(device, kind="bearer", replaces=None)
        attempt = await self._authentication.begin_code(pending.user_id, device)
        step = SecondStep(hashed, pending, code, remember)
        user, session, stored, remembered = await self._database.write(
            finish_sign_in, step, attempt, device, self._sealer
        )
        signed_in = self._authentication.signed_in(user, session, device, stored.password)
        return Finished(signed_in, pending.kind, remembered)


def finish_sign_in(
    transaction: Transaction, step: SecondStep, attempt: Attempt, device: Device, sealer: Sealer
) -> tuple[OwnUser, str, StoredPassword, str | None]:
    """Use up code and pending sign-in and open a session, all or nothing.

    Returns:
        The user, the token of the session, the stored password, and the token of a device that is
        to be remembered.
    """
    user_id = step.pending.user_id
    stored = find_password(transaction, user_id)
    if stored is None or token_hash(stored.password) != step.pending.password_hash:
        raise Unauthorized(EXPIRED)
    use_code(transaction, sealer, user_id, step.code)
    if not store.use_pending(transaction, step.token_hash):
        raise Unauthorized(EXPIRED)
    clear_failures(transaction, attempt)
    session = open_session(transaction, user_id, device)
    if not attempt.known_device:
        announce_new_device(transaction, user_id, device)
    remembered = remember_device(transaction, stored, device) if step.remember else None
    return get_own_user(transaction, user_id), session, stored, remembered
