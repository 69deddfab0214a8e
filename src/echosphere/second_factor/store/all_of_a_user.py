"""Removes everything of one user."""

from sqlalchemy import delete

from echosphere.database import Transaction
from echosphere.second_factor.store.tables import (
    passkeys,
    pending_sign_ins,
    recovery_codes,
    remembered_devices,
    totp_secrets,
)


def delete_all(transaction: Transaction, user_id: str) -> None:
    """Delete a user's factors, remembered devices and sign-ins under way."""
    for table in (totp_secrets, recovery_codes, passkeys, remembered_devices, pending_sign_ins):
        transaction.execute(delete(table).where(table.c.user_id == user_id))
