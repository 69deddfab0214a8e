"""Queries for sign-ins under way and for remembered devices."""

from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, select

from echosphere.accounts import Device
from echosphere.core.ids import new_id
from echosphere.database import Command, Snapshot, Transaction
from echosphere.second_factor.store.tables import pending_sign_ins, remembered_devices


class PendingRow(msgspec.Struct, frozen=True):
    """A sign-in whose password was right and whose second factor is missing."""

    user_id: str
    password_hash: str
    kind: str
    expires_at: int


def insert_pending(transaction: Transaction, token_hash: str, pending: PendingRow) -> None:
    """Store a sign-in under way, and delete expired ones of everyone."""
    expired = pending_sign_ins.c.expires_at <= transaction.now
    transaction.execute(delete(pending_sign_ins).where(expired))
    transaction.execute(
        insert(pending_sign_ins).values(
            token_hash=token_hash,
            user_id=pending.user_id,
            password_hash=pending.password_hash,
            kind=pending.kind,
            expires_at=pending.expires_at,
        )
    )


def find_pending(snapshot: Snapshot, token_hash: str) -> PendingRow | None:
    """Return the sign-in of a token's hash that has not expired, or None."""
    one = pending_sign_ins.c
    columns = (one.user_id, one.password_hash, one.kind, one.expires_at)
    this = (one.token_hash == token_hash, one.expires_at > snapshot.now)
    row = snapshot.execute(select(*columns).where(*this)).first()
    return (
        None
        if row is None
        else PendingRow(row.user_id, row.password_hash, row.kind, row.expires_at)
    )


def use_pending(transaction: Transaction, token_hash: str) -> bool:
    """Use a sign-in up; return False if that was done already."""
    this = pending_sign_ins.c.token_hash == token_hash
    return transaction.execute(delete(pending_sign_ins).where(this)).rowcount == 1


def insert_remembered(
    transaction: Transaction, user_id: str, token_hash: str, device: Device, lifetime: int
) -> None:
    """Store a device on which the password is enough for a while."""
    mine = remembered_devices.c.user_id == user_id
    old = remembered_devices.c.expires_at <= transaction.now
    transaction.execute(delete(remembered_devices).where(mine, old))
    transaction.execute(
        insert(remembered_devices).values(
            id=new_id(),
            token_hash=token_hash,
            user_id=user_id,
            device=device.name,
            address=device.address,
            created_at=transaction.now,
            expires_at=transaction.now + lifetime,
        )
    )


def is_remembered(snapshot: Snapshot, user_id: str, token_hash: str) -> bool:
    """Whether a user's device with a token of this hash is remembered."""
    one = remembered_devices.c
    this = (one.token_hash == token_hash, one.user_id == user_id, one.expires_at > snapshot.now)
    return snapshot.execute(select(one.id).where(*this)).first() is not None


def remembered_of(snapshot: Snapshot, user_id: str) -> list[Row[Any]]:
    """Return the rows of a user's remembered devices, the last one first."""
    one = remembered_devices.c
    mine = select(remembered_devices).where(one.user_id == user_id, one.expires_at > snapshot.now)
    return list(snapshot.execute(mine.order_by(one.created_at.desc(), one.id)))


def delete_remembered(transaction: Transaction, user_id: str, device: str | None = None) -> bool:
    """Forget one device of a user, or all; return whether there was one."""
    which = [remembered_devices.c.user_id == user_id]
    if device is not None:
        which.append(remembered_devices.c.id == device)
    return transaction.execute(delete(remembered_devices).where(*which)).rowcount > 0


class ForgetAllDevices(Command[bool]):
    """Forget all remembered devices of a user."""

    user_id: str

    def run(self, transaction: Transaction) -> bool:
        """Forget them."""
        return delete_remembered(transaction, self.user_id)


def delete_pending(transaction: Transaction, user_id: str) -> None:
    """End the sign-ins under way of a user."""
    transaction.execute(delete(pending_sign_ins).where(pending_sign_ins.c.user_id == user_id))
