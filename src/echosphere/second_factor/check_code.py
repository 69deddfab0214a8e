"""Checks the code of an app, or a recovery code, and uses it up."""

from echosphere.core.encryption import SealedWithAnotherKeyError, Sealer
from echosphere.core.errors import Conflict, Invalid
from echosphere.database import Transaction
from echosphere.second_factor import store
from echosphere.second_factor.recovery_codes import code_hash, normalize_code
from echosphere.second_factor.totp import DIGITS, matching_step

WRONG_CODE = "This code is wrong or has already been used. Enter the next one."
UNREADABLE = (
    "The server's secret key was changed, so codes from the app cannot be checked. Use a "
    "recovery code, or contact an administrator."
)


def use_code(transaction: Transaction, sealer: Sealer, user_id: str, given: str) -> None:
    """Use up a code.

    Raises:
        Invalid: The code is wrong, or has been used.
        Conflict: The secret of the app was sealed with a key that is lost.
    """
    code = normalize_code(given)
    if len(code) == DIGITS and code.isascii() and code.isdigit():
        used = _use_app_code(transaction, sealer, user_id, code)
    else:
        used = store.use_recovery_code(transaction, user_id, code_hash(user_id, code))
    if not used:
        raise wrong_code()


def wrong_code() -> Invalid:
    """Return the refusal of a code."""
    return Invalid(WRONG_CODE, fields={"code": WRONG_CODE})


def open_secret(sealer: Sealer, user_id: str, sealed: str) -> tuple[str, bool]:
    """Return a secret, and whether it should be sealed again.

    Raises:
        Conflict: It was sealed with a key that is lost.
    """
    try:
        return sealer.open(user_id, sealed)
    except SealedWithAnotherKeyError:
        raise Conflict(UNREADABLE) from None


def _use_app_code(transaction: Transaction, sealer: Sealer, user_id: str, code: str) -> bool:
    stored = store.find_totp(transaction, user_id)
    if stored is None or stored.secret is None:
        return False
    secret, outdated = open_secret(sealer, user_id, stored.secret)
    step = matching_step(secret, code, transaction.now)
    if step is None or not store.advance_step(transaction, user_id, step):
        return False
    if outdated:
        store.reseal_totp(transaction, user_id, stored.secret, sealer.seal(user_id, secret))
    return True
