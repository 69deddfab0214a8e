"""Stored passwords, and failures to give the right one."""

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, delete, select, update

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.accounts.failures import Failures
from echosphere.accounts.store.tables import sign_in_failures, users
from echosphere.database import Snapshot, Transaction


@dataclass(frozen=True, slots=True)
class Secret:
    """A person's identifier and stored password."""

    user: str
    password: str


def find_secret(snapshot: Snapshot, *, email: str) -> Secret | None:
    """Return the stored password of the account with this address."""
    return _secret(snapshot, users.c.email == email)


def find_secret_of(snapshot: Snapshot, user: str) -> Secret | None:
    """Return the stored password of this person."""
    return _secret(snapshot, users.c.id == user)


def set_password(transaction: Transaction, user: str, *, old: str, new: str) -> bool:
    """Replace one stored password by another; False when it is no longer the old one."""
    statement = update(users).where(users.c.id == user, users.c.password == old)
    return transaction.execute(statement.values(password=new)).rowcount == 1


def find_failures(transaction: Transaction, key: str) -> Failures | None:
    """Return the failures of an account or an address, and hold others who count them."""
    failures = sign_in_failures.c
    columns = (failures.failures, failures.first_at, failures.blocked_until)
    statement = select(*columns).where(failures.key == key).with_for_update()
    row = transaction.execute(statement).one_or_none()
    return None if row is None else Failures(row.failures, row.first_at, row.blocked_until)


def put_failures(transaction: Transaction, key: str, failures: Failures) -> None:
    """Write down the failures of an account or an address."""
    values = asdict(failures)
    statement = insert(sign_in_failures).values(key=key, **values)
    transaction.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def forget_failures(transaction: Transaction, key: str) -> None:
    """Begin to count from nothing again."""
    transaction.execute(delete(sign_in_failures).where(sign_in_failures.c.key == key))


def forget_failures_before(transaction: Transaction, moment: int) -> None:
    """Remove what no longer matters."""
    old = (sign_in_failures.c.blocked_until < moment, sign_in_failures.c.first_at < moment)
    transaction.execute(delete(sign_in_failures).where(*old))


def _secret(snapshot: Snapshot, condition: ColumnElement[bool]) -> Secret | None:
    statement = select(users.c.id, users.c.password).where(condition, users.c.closed_at.is_(None))
    row = snapshot.execute(statement).first()
    return None if row is None or row.password is None else Secret(row.id, row.password)
