"""Queries for the secrets of authenticator apps and for recovery codes."""

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import delete, func, select, update

from echosphere.database import Snapshot, Transaction, insert
from echosphere.second_factor.store.tables import recovery_codes, totp_secrets


class StoredTotp(msgspec.Struct, frozen=True):
    """The secrets of a user, sealed: the one in use, and one that waits for its first code."""

    secret: str | None
    offered: str | None
    confirmed_at: int | None


def find_totp(snapshot: Snapshot, user_id: str) -> StoredTotp | None:
    """Return the secrets of a user, or None."""
    columns = (totp_secrets.c.secret, totp_secrets.c.offered, totp_secrets.c.confirmed_at)
    row = snapshot.execute(select(*columns).where(totp_secrets.c.user_id == user_id)).first()
    return None if row is None else StoredTotp(row.secret, row.offered, row.confirmed_at)


def all_secrets(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Give each user who has an app, and the secret of it, sealed."""
    columns = (totp_secrets.c.user_id, totp_secrets.c.secret)
    for row in snapshot.execute(select(*columns).where(totp_secrets.c.secret.is_not(None))):
        yield row.user_id, row.secret


def offer_totp(transaction: Transaction, user_id: str, sealed: str) -> None:
    """Store a secret that waits for its first code; the one in use stays."""
    statement = insert(totp_secrets).values(user_id=user_id, offered=sealed, last_step=0)
    transaction.execute(
        statement.on_conflict_do_update(index_elements=["user_id"], set_={"offered": sealed})
    )


def accept_totp(transaction: Transaction, user_id: str, offered: str, step: int) -> bool:
    """Use the offered secret from now on; return False if it is no longer the offered one."""
    mine = (totp_secrets.c.user_id == user_id, totp_secrets.c.offered == offered)
    values = {
        "secret": offered,
        "offered": None,
        "last_step": step,
        "confirmed_at": transaction.now,
    }
    return transaction.execute(update(totp_secrets).where(*mine).values(values)).rowcount == 1


def advance_step(transaction: Transaction, user_id: str, step: int) -> bool:
    """Use up the code of a time step and of all before; return False if that was done already."""
    later = (totp_secrets.c.user_id == user_id, totp_secrets.c.last_step < step)
    statement = update(totp_secrets).where(*later).values(last_step=step)
    return transaction.execute(statement).rowcount == 1


def reseal_totp(transaction: Transaction, user_id: str, old: str, new: str) -> None:
    """Replace the sealed form of the secret in use."""
    same = (totp_secrets.c.user_id == user_id, totp_secrets.c.secret == old)
    transaction.execute(update(totp_secrets).where(*same).values(secret=new))


def delete_totp(transaction: Transaction, user_id: str) -> bool:
    """Delete the secrets of a user; return whether one was in use."""
    stored = find_totp(transaction, user_id)
    transaction.execute(delete(totp_secrets).where(totp_secrets.c.user_id == user_id))
    return stored is not None and stored.secret is not None


def replace_recovery_codes(transaction: Transaction, user_id: str, hashes: Iterable[str]) -> None:
    """Store these codes instead of those before."""
    transaction.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    rows = [{"user_id": user_id, "code_hash": one} for one in hashes]
    if rows:
        transaction.execute(insert(recovery_codes).values(rows))


def use_recovery_code(transaction: Transaction, user_id: str, hashed: str) -> bool:
    """Use a code up; return False if there is no such unused one."""
    codes = recovery_codes.c
    this = (codes.user_id == user_id, codes.code_hash == hashed, codes.used_at.is_(None))
    statement = update(recovery_codes).where(*this).values(used_at=transaction.now)
    return transaction.execute(statement).rowcount == 1


def count_recovery_codes(snapshot: Snapshot, user_id: str) -> int:
    """Return how many codes a user has left."""
    codes = recovery_codes.c
    statement = select(func.count()).where(codes.user_id == user_id, codes.used_at.is_(None))
    left: int = snapshot.execute(statement).scalar_one()
    return left
