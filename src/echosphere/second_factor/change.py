"""Adds, replaces and removes second factors."""

from dataclasses import dataclass, field

from echosphere.accounts import (
    SecurityEvent,
    SecurityEventKind,
    end_sessions,
    find_user_id_by_email,
    get_own_user,
    lock_user,
    require_fresh_proof,
    set_second_factor,
)
from echosphere.core.caller import Caller
from echosphere.core.encryption import Sealer
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.second_factor import store
from echosphere.second_factor.check_code import open_secret, wrong_code
from echosphere.second_factor.encryption import SEALER
from echosphere.second_factor.events import AllFactorsRemoved
from echosphere.second_factor.recovery_codes import code_hash, new_codes, normalize_code
from echosphere.second_factor.totp import matching_step, new_secret

LAST_FACTOR = "This server requires a second factor. Set up another one first."
NOT_OFFERED = "This QR code is no longer valid. Start again."


@dataclass(frozen=True, slots=True)
class OfferedSecret:
    """A secret for an app, and the address that names the account in it."""

    secret: str = field(repr=False)
    email: str


class OfferApp(Command[OfferedSecret]):
    """Make a secret for an app; it counts from its first code on.

    Raises:
        ProofNeeded: The caller's last proof is too old.
    """

    caller: Caller

    def run(self, transaction: Transaction) -> OfferedSecret:
        """Make it."""
        require_fresh_proof(transaction, self.caller)
        secret = new_secret()
        store.offer_totp(
            transaction,
            self.caller.user_id,
            SEALER.of(transaction).seal(self.caller.user_id, secret),
        )
        return OfferedSecret(secret, get_own_user(transaction, self.caller.user_id).email)


def offered_app(snapshot: Snapshot, sealer: Sealer, caller: Caller) -> OfferedSecret:
    """Return the secret that waits for its first code.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Conflict: No secret is offered.
    """
    require_fresh_proof(snapshot, caller)
    known = store.find_totp(snapshot, caller.user_id)
    if known is None or known.offered is None:
        raise Conflict(NOT_OFFERED)
    secret, _ = open_secret(sealer, caller.user_id, known.offered)
    return OfferedSecret(secret, get_own_user(snapshot, caller.user_id).email)


class ConfirmApp(Command[list[str] | None]):
    """Use the offered secret from now on; return recovery codes if the user had none.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Invalid: The code is not the app's.
        Conflict: No secret is offered, or another one by now.
    """

    caller: Caller
    code: str

    def run(self, transaction: Transaction) -> list[str] | None:
        """Use it."""
        require_fresh_proof(transaction, self.caller)
        known = store.find_totp(transaction, self.caller.user_id)
        if known is None or known.offered is None:
            raise Conflict(NOT_OFFERED)
        secret, _ = open_secret(SEALER.of(transaction), self.caller.user_id, known.offered)
        step = matching_step(secret, normalize_code(self.code), transaction.now)
        if step is None:
            raise wrong_code()
        if not store.accept_totp(transaction, self.caller.user_id, known.offered, step):
            raise Conflict(NOT_OFFERED)
        codes = first_codes(transaction, self.caller.user_id)
        factors_changed(transaction, self.caller, "factor_added")
        return codes


class RemoveApp(Command[None]):
    """Remove the app, and with the last factor the recovery codes.

    Attributes:
        caller: The owner.
        host: The host for which passkeys count.
        required: Whether the server asks the caller for a second factor.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: There is no app.
        Conflict: It is the last factor of someone who must have one.
    """

    caller: Caller
    host: str
    required: bool

    def run(self, transaction: Transaction) -> None:
        """Remove it."""
        require_fresh_proof(transaction, self.caller)
        if not store.delete_totp(transaction, self.caller.user_id):
            raise NotFound("App not found.")
        if self.required and not store.has_working_factor(
            transaction, self.caller.user_id, self.host
        ):
            raise Conflict(LAST_FACTOR)
        factors_changed(transaction, self.caller, "factor_removed")


class RenewRecoveryCodes(Command[list[str]]):
    """Return ten new recovery codes; the earlier ones end.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Conflict: There is no factor that the codes could stand in for.
    """

    caller: Caller

    def run(self, transaction: Transaction) -> list[str]:
        """Make them."""
        require_fresh_proof(transaction, self.caller)
        if not store.has_factor(transaction, self.caller.user_id):
            raise Conflict(
                "Set up an app or a passkey first: recovery codes are a backup for them."
            )
        codes = _store_new_codes(transaction, self.caller.user_id)
        factors_changed(transaction, self.caller, "recovery_codes")
        return codes


class ForgetDevice(Command[None]):
    """Ask for the second factor again on one of the caller's remembered devices.

    Raises:
        NotFound: The caller has no such device.
    """

    caller: Caller
    device: str

    def run(self, transaction: Transaction) -> None:
        """Forget it."""
        if not store.delete_remembered(transaction, self.caller.user_id, self.device):
            raise NotFound("Device not found.")


def reset_second_factor(transaction: Transaction, email: str) -> str:
    """Remove all ways into an account but the password; see `remove_all_factors`.

    Returns:
        The user's id.

    Raises:
        NotFound: There is no account with this address.
    """
    user_id = find_user_id_by_email(transaction, email)
    if user_id is None:
        raise NotFound("Account not found.")
    remove_all_factors(transaction, user_id)
    return user_id


def remove_all_factors(transaction: Transaction, user_id: str, actor_id: str | None = None) -> None:
    """Remove all ways into an account but the password, sign it out everywhere, and have it told.

    App, passkeys, recovery codes and remembered devices go, and with them sign-in services.

    Args:
        transaction: The transaction.
        user_id: The owner.
        actor_id: The administrator who does it, if one does.
    """
    lock_user(transaction, user_id)
    store.delete_all(transaction, user_id)
    set_second_factor(transaction, user_id, None)
    end_sessions(transaction, user_id, reason="factor")
    transaction.announce(AllFactorsRemoved(user_id))
    transaction.announce(SecurityEvent(user_id, "ways_in_removed", actor_id=actor_id))


def forget_devices(transaction: Transaction, user_id: str) -> None:
    """Ask for the second factor again on every device, and end the sign-ins under way."""
    store.delete_remembered(transaction, user_id)
    store.delete_pending(transaction, user_id)


def first_codes(transaction: Transaction, user_id: str) -> list[str] | None:
    """Return new recovery codes; None if the user has some."""
    if store.count_recovery_codes(transaction, user_id):
        return None
    return _store_new_codes(transaction, user_id)


def factors_changed(transaction: Transaction, caller: Caller, change: SecurityEventKind) -> None:
    """End what was opened with the factors before, and have the owner told.

    That is: other sessions, sign-ins under way, remembered devices.
    """
    user_id = caller.user_id
    remaining = store.has_factor(transaction, user_id)
    set_second_factor(transaction, user_id, transaction.now if remaining else None)
    if not remaining:
        store.replace_recovery_codes(transaction, user_id, [])
    forget_devices(transaction, user_id)
    end_sessions(transaction, user_id, except_session=caller.session_id, reason="factor")
    transaction.announce(SecurityEvent(user_id, change))


def _store_new_codes(transaction: Transaction, user_id: str) -> list[str]:
    codes = new_codes()
    hashes = [code_hash(user_id, code) for code in codes]
    store.replace_recovery_codes(transaction, user_id, hashes)
    return codes
