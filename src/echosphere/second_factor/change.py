"""Adds, replaces and removes second factors."""

from dataclasses import dataclass, field

from echosphere.accounts import (
    SecurityEvent,
    SecurityEventKind,
    end_sessions,
    find_user_id_by_email,
    get_own_user,
    require_fresh_proof,
    set_second_factor,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.second_factor import store
from echosphere.second_factor.check_code import open_secret, wrong_code
from echosphere.second_factor.encryption import Sealer
from echosphere.second_factor.recovery_codes import code_hash, new_codes, normalize_code
from echosphere.second_factor.totp import matching_step, new_secret

LAST_FACTOR = "This server asks you for a second factor. Set up another one first."
NOT_OFFERED = "Begin again: this QR code is no longer the current one."


@dataclass(frozen=True, slots=True)
class OfferedSecret:
    """A secret for an app, and the address that names the account in it."""

    secret: str = field(repr=False)
    email: str


def offer_app(transaction: Transaction, sealer: Sealer, caller: Caller) -> OfferedSecret:
    """Make a secret for an app; it counts from its first code on.

    Raises:
        ProofNeeded: The caller's last proof is too old.
    """
    require_fresh_proof(transaction, caller)
    secret = new_secret()
    store.offer_totp(transaction, caller.user_id, sealer.seal(caller.user_id, secret))
    return OfferedSecret(secret, get_own_user(transaction, caller.user_id).email)


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


def confirm_app(
    transaction: Transaction, sealer: Sealer, caller: Caller, code: str
) -> list[str] | None:
    """Use the offered secret from now on; return recovery codes if the user had none.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Invalid: The code is not the app's.
        Conflict: No secret is offered, or another one by now.
    """
    require_fresh_proof(transaction, caller)
    known = store.find_totp(transaction, caller.user_id)
    if known is None or known.offered is None:
        raise Conflict(NOT_OFFERED)
    secret, _ = open_secret(sealer, caller.user_id, known.offered)
    step = matching_step(secret, normalize_code(code), transaction.now)
    if step is None:
        raise wrong_code()
    if not store.accept_totp(transaction, caller.user_id, known.offered, step):
        raise Conflict(NOT_OFFERED)
    codes = first_codes(transaction, caller.user_id)
    factors_changed(transaction, caller, "factor_added")
    return codes


def remove_app(transaction: Transaction, caller: Caller, host: str, required: bool) -> None:
    """Remove the app, and with the last factor the recovery codes.

    Args:
        transaction: The transaction.
        caller: The owner.
        host: The host for which passkeys count.
        required: Whether the server asks the caller for a second factor.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: There is no app.
        Conflict: It is the last factor of somebody who must have one.
    """
    require_fresh_proof(transaction, caller)
    if not store.delete_totp(transaction, caller.user_id):
        raise NotFound("There is no such app.")
    if required and not store.has_working_factor(transaction, caller.user_id, host):
        raise Conflict(LAST_FACTOR)
    factors_changed(transaction, caller, "factor_removed")


def renew_recovery_codes(transaction: Transaction, caller: Caller) -> list[str]:
    """Return ten new recovery codes; the earlier ones end.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Conflict: There is no factor that the codes could stand in for.
    """
    require_fresh_proof(transaction, caller)
    if not store.has_factor(transaction, caller.user_id):
        raise Conflict("Set up an app or a passkey first: recovery codes stand in for them.")
    codes = _store_new_codes(transaction, caller.user_id)
    factors_changed(transaction, caller, "recovery_codes")
    return codes


def forget_device(transaction: Transaction, caller: Caller, device: str) -> None:
    """Ask for the second factor again on one of the caller's remembered devices.

    Raises:
        NotFound: The caller has no such device.
    """
    if not store.delete_remembered(transaction, caller.user_id, device):
        raise NotFound("There is no such device.")


def reset_second_factor(transaction: Transaction, email: str) -> str:
    """Remove all factors of an account whose owner lost them, and sign it out everywhere.

    Returns:
        The user's id.

    Raises:
        NotFound: There is no account with this address.
    """
    user_id = find_user_id_by_email(transaction, email)
    if user_id is None:
        raise NotFound("There is no such account.")
    store.delete_all(transaction, user_id)
    set_second_factor(transaction, user_id, None)
    end_sessions(transaction, user_id, reason="factor")
    transaction.announce(SecurityEvent(user_id, "factor_removed"))
    return user_id


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
    store.delete_remembered(transaction, user_id)
    store.delete_pending(transaction, user_id)
    end_sessions(transaction, user_id, except_session=caller.session_id, reason="factor")
    transaction.announce(SecurityEvent(user_id, change))


def _store_new_codes(transaction: Transaction, user_id: str) -> list[str]:
    codes = new_codes()
    hashes = [code_hash(user_id, code) for code in codes]
    store.replace_recovery_codes(transaction, user_id, hashes)
    return codes
