"""Stored passwords and failed sign-ins."""

import msgspec
from sqlalchemy import ColumnElement, delete, select, update

from echosphere.accounts.login_throttle import FailureCount
from echosphere.accounts.store.tables import sign_in_failures, users
from echosphere.database import Snapshot, Transaction, insert


class StoredPassword(msgspec.Struct, frozen=True):
    """The stored form of a user's password, or of a registration that waits for approval."""

    user_id: str
    password: str
    waiting: bool = False


def find_password_by_email(snapshot: Snapshot, *, email: str) -> StoredPassword | None:
    """Return the stored password of the open account with this address, or None."""
    return _password(snapshot, users.c.email == email)


def find_password(snapshot: Snapshot, user_id: str) -> StoredPassword | None:
    """Return the stored password of a user with an open account, or None."""
    return _password(snapshot, users.c.id == user_id)


def find_credentials(snapshot: Snapshot, user_id: str) -> tuple[str, str | None] | None:
    """Return the address and the stored password of an open account, or None."""
    statement = select(users.c.email, users.c.password)
    row = snapshot.execute(
        statement.where(users.c.id == user_id, users.c.closed_at.is_(None))
    ).first()
    return None if row is None else (row.email, row.password)


def set_password(transaction: Transaction, user_id: str, *, old: str, new: str) -> bool:
    """Replace a stored password; return False if it is no longer the old one."""
    statement = update(users).where(users.c.id == user_id, users.c.password == old)
    return transaction.execute(statement.values(password=new)).rowcount == 1


def find_failures(transaction: Transaction, key: str) -> FailureCount | None:
    """Lock and return the failures of a key, or None."""
    failures = sign_in_failures.c
    columns = (failures.failures, failures.first_at, failures.blocked_until)
    statement = select(*columns).where(failures.key == key).with_for_update()
    row = transaction.execute(statement).one_or_none()
    return None if row is None else FailureCount(row.failures, row.first_at, row.blocked_until)


def save_failures(transaction: Transaction, key: str, failures: FailureCount) -> None:
    """Insert or update the failures of a key."""
    values = msgspec.structs.asdict(failures)
    statement = insert(sign_in_failures).values(key=key, **values)
    transaction.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def delete_failures(transaction: Transaction, key: str) -> None:
    """Delete the failures of a key."""
    transaction.execute(delete(sign_in_failures).where(sign_in_failures.c.key == key))


def delete_failures_before(transaction: Transaction, moment: int) -> None:
    """Delete expired failures."""
    old = (sign_in_failures.c.blocked_until < moment, sign_in_failures.c.first_at < moment)
    transaction.execute(delete(sign_in_failures).where(*old))


def _password(snapshot: Snapshot, condition: ColumnElement[bool]) -> StoredPassword | None:
    statement = select(users.c.id, users.c.password).where(condition, users.c.closed_at.is_(None))
    row = snapshot.execute(statement).first()
    return None if row is None or row.password is None else StoredPassword(row.id, row.password)
