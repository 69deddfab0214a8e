"""The tables of accounts and their queries."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    case,
    delete,
    select,
    update,
)

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.accounts.failures import Failures
from echosphere.accounts.session import StoredSession
from echosphere.accounts.wire import OwnUser, User
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    metadata,
)
from echosphere.errors import NotFound
from echosphere.ids import new_id

users = Table(
    "users",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("email", String(254), unique=True),  # normalised; null once the account is closed
    Column("name", String(80), nullable=False),
    Column("about", String(500), nullable=False),
    Column("avatar", String(200)),  # the address of a picture on this server
    Column("role", String(16), nullable=False),  # member, administrator
    Column("password", Text),
    Column("settings", Text, nullable=False),  # JSON
    Column("created_at", Milliseconds, nullable=False),
    Column("closed_at", Milliseconds),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # cookie, bearer
    Column("device", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("used_at", Milliseconds, nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", String(300), primary_key=True),  # account:… or address:…
    Column("failures", Integer, nullable=False),
    Column("first_at", Milliseconds, nullable=False),
    Column("blocked_until", Milliseconds, nullable=False),
    Index(None, "blocked_until"),
)

USER_COLUMNS = (users.c.id, users.c.name, users.c.about, users.c.avatar)
OWN_COLUMNS = (*USER_COLUMNS, users.c.email, users.c.role, users.c.created_at, users.c.settings)

SESSION_BY_TOKEN = Prepared(
    select(
        sessions.c.id, sessions.c.user_id, users.c.role, sessions.c.created_at, sessions.c.used_at
    )
    .join(users, users.c.id == sessions.c.user_id)
    .where(sessions.c.token_hash == bindparam("token_hash"), users.c.closed_at.is_(None))
)

IDS_AT_ONCE = 1_000
"""Databases limit the number of values in one statement."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A person's identifier and stored password."""

    user: str
    password: str


def insert_user(
    transaction: Transaction, *, email: str, name: str, password: str, role: str
) -> str | None:
    """Add a person and return their new id; None when the address is taken."""
    user = new_id()
    statement = insert(users).values(
        id=user,
        email=email,
        name=name,
        about="",
        role=role,
        password=password,
        settings="{}",
        created_at=transaction.now,
    )
    unless_taken = statement.on_conflict_do_nothing(index_elements=["email"])
    return transaction.execute(unless_taken.returning(users.c.id)).scalar()


def is_empty(snapshot: Snapshot) -> bool:
    """Whether nobody has ever registered."""
    return snapshot.execute(select(users.c.id).limit(1)).first() is None


def find_user(snapshot: Snapshot, user: str) -> User | None:
    """Return a person as others see them, also after they closed their account."""
    return users_by_id(snapshot, [user]).get(user)


def users_by_id(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, User]:
    """Return those of these people who exist, by id, as others see them.

    Args:
        snapshot: The state to read.
        ids: Any number of ids of people.
    """
    found: dict[str, User] = {}
    for some in _in_parts(ids):
        rows = snapshot.execute(select(*USER_COLUMNS).where(users.c.id.in_(some)))
        found.update((row.id, _user(row)) for row in rows)
    return found


def get_own_user(snapshot: Snapshot, user: str) -> OwnUser:
    """Return a person as they see themselves.

    Raises:
        NotFound: There is no such open account.
    """
    statement = select(*OWN_COLUMNS).where(users.c.id == user, users.c.closed_at.is_(None))
    row = snapshot.execute(statement).first()
    if row is None:
        raise NotFound("There is no such account.")
    return _own_user(row)


def list_users(snapshot: Snapshot) -> list[OwnUser]:
    """Return all open accounts, the oldest first."""
    statement = select(*OWN_COLUMNS).where(users.c.closed_at.is_(None))
    return [_own_user(row) for row in snapshot.execute(statement.order_by(users.c.created_at))]


def find_id_by_email(snapshot: Snapshot, email: str) -> str | None:
    """Return whose address this is."""
    statement = select(users.c.id).where(users.c.email == email)
    return snapshot.execute(statement).scalar()


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


def update_user(transaction: Transaction, user: str, **changed: str | int | None) -> None:
    """Change columns of a person."""
    transaction.execute(update(users).where(users.c.id == user).values(**changed))


def insert_session(
    transaction: Transaction, *, token_hash: str, user: str, kind: str, device: str, address: str
) -> str:
    """Add a session and return its id."""
    session = new_id()
    statement = insert(sessions).values(
        id=session,
        token_hash=token_hash,
        user_id=user,
        kind=kind,
        device=device,
        address=address,
        created_at=transaction.now,
        used_at=transaction.now,
    )
    transaction.execute(statement)
    return session


def find_session(snapshot: Snapshot, token_hash: str) -> StoredSession | None:
    """Return the session with this token, expired or not."""
    row = snapshot.first(SESSION_BY_TOKEN, token_hash=token_hash)
    return None if row is None else StoredSession(*row)


def note_use(transaction: Transaction, session: str) -> None:
    """Write down that a session is used now.

    A beginning that lies ahead (the clock was turned back) becomes now: sessions do not live longer
    because a clock was wrong.
    """
    now = transaction.now
    began = case((sessions.c.created_at > now, now), else_=sessions.c.created_at)
    statement = update(sessions).where(sessions.c.id == session)
    transaction.execute(statement.values(used_at=now, created_at=began))


def sessions_of(snapshot: Snapshot, user: str) -> list[Row[Any]]:
    """Return the rows of a person's sessions, the last used first."""
    statement = select(sessions).where(sessions.c.user_id == user)
    newest_first = statement.order_by(sessions.c.used_at.desc(), sessions.c.created_at.desc())
    return list(snapshot.execute(newest_first.order_by(sessions.c.id)))


def sessions_by_id(snapshot: Snapshot, ids: Iterable[str]) -> list[Row[Any]]:
    """Return the rows of those of these sessions that exist."""
    return [
        row
        for some in _in_parts(ids)
        for row in snapshot.execute(select(sessions).where(sessions.c.id.in_(some)))
    ]


def delete_sessions(transaction: Transaction, user: str, ids: Collection[str]) -> None:
    """Remove these sessions of a person."""
    owned = (sessions.c.user_id == user, sessions.c.id.in_(ids))
    transaction.execute(delete(sessions).where(*owned))


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


def _in_parts(ids: Iterable[str]) -> Iterator[list[str]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), IDS_AT_ONCE):
        yield wanted[start : start + IDS_AT_ONCE]


def _user(row: Row[Any]) -> User:
    return User(row.id, row.name, row.about, row.avatar)


def _own_user(row: Row[Any]) -> OwnUser:
    settings = json.loads(row.settings)
    return OwnUser(
        row.id,
        row.name,
        row.about,
        row.avatar,
        row.email,
        row.role,
        row.created_at,
        settings,
    )


def _secret(snapshot: Snapshot, condition: ColumnElement[bool]) -> Secret | None:
    statement = select(users.c.id, users.c.password).where(condition, users.c.closed_at.is_(None))
    row = snapshot.execute(statement).first()
    return None if row is None or row.password is None else Secret(row.id, row.password)
