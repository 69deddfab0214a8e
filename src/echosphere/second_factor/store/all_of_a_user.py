"""What concerns all factors of a user."""

from sqlalchemy import delete, select

from echosphere.database import Snapshot, Transaction
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


def has_factor(snapshot: Snapshot, user_id: str) -> bool:
    """Whether a user has an app or a passkey."""
    app = (totp_secrets.c.user_id == user_id, totp_secrets.c.secret.is_not(None))
    if snapshot.execute(select(totp_secrets.c.user_id).where(*app)).first() is not None:
        return True
    passkey = select(passkeys.c.id).where(passkeys.c.user_id == user_id).limit(1)
    return snapshot.execute(passkey).first() is not None
