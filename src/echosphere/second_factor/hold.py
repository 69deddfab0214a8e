"""Holds a sign-in whose password was right until the second factor is there."""

from echosphere.accounts import Device, StoredPassword, needs_second_factor
from echosphere.core.clock import DAY, MINUTE
from echosphere.core.ids import new_token, token_hash
from echosphere.database import Transaction
from echosphere.second_factor import store
from echosphere.second_factor.store import PendingRow

PENDING_FOR = 10 * MINUTE
REMEMBERED_FOR = 30 * DAY


def hold_sign_in(transaction: Transaction, stored: StoredPassword, device: Device) -> str | None:
    """Return the token of a pending sign-in; None if the password is enough on this device."""
    if not needs_second_factor(transaction, stored.user_id):
        return None
    remembered = remembered_hash(device.remembered, stored)
    if device.remembered and store.is_remembered(transaction, stored.user_id, remembered):
        return None
    token = new_token()
    pending = PendingRow(
        stored.user_id,
        token_hash(stored.password),
        device.kind,
        transaction.now + PENDING_FOR,
    )
    store.insert_pending(transaction, token_hash(token), pending)
    return token


def remember_device(transaction: Transaction, stored: StoredPassword, device: Device) -> str:
    """Let the password be enough on a device for 30 days; return the token of its cookie."""
    token = new_token()
    hashed = remembered_hash(token, stored)
    store.insert_remembered(transaction, stored.user_id, hashed, device, REMEMBERED_FOR)
    return token


def remembered_hash(token: str, stored: StoredPassword) -> str:
    """Return what is stored of a device's token: with another password it is another."""
    return token_hash(f"{token} {stored.password}")
