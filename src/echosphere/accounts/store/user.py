"""Queries for users and their settings."""

import json
from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import bindparam, func, or_, select, update

from echosphere.accounts.store.tables import users
from echosphere.accounts.wire import OwnUser, Status, User
from echosphere.core.errors import NotFound
from echosphere.core.ids import new_id
from echosphere.database import (
    Command,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    as_list,
    in_list,
    insert,
)

USER_COLUMNS = (
    users.c.id,
    users.c.name,
    users.c.about,
    users.c.avatar,
    users.c.status_emoji,
    users.c.status_text,
    users.c.status_until,
    users.c.kind,
)
OWN_COLUMNS = (*USER_COLUMNS, users.c.email, users.c.role, users.c.created_at, users.c.settings)

_these = in_list(users.c.id, "ids")
USERS_BY_ID = Prepared(select(*USER_COLUMNS).where(_these))
NAMES = Prepared(select(users.c.id, users.c.name).where(_these))
SETTINGS_BY_ID = Prepared(select(users.c.id, users.c.settings).where(_these))
OPEN_AMONG = Prepared(select(users.c.id).where(_these, users.c.closed_at.is_(None)))
LAST_SEEN = Prepared(
    select(users.c.id, users.c.last_seen).where(_these, users.c.last_seen.is_not(None))
)
SETTINGS = Prepared(select(users.c.settings).where(users.c.id == bindparam("user")))
LOCK = Prepared(
    select(users.c.id).where(users.c.id == bindparam("user")).with_for_update(key_share=True)
)
_active = (
    users.c.closed_at.is_(None),
    or_(users.c.suspended_until.is_(None), users.c.suspended_until <= bindparam("now")),
)
SUSPENDED = Prepared(
    select(users.c.id).where(
        users.c.id == bindparam("user"), users.c.suspended_until > bindparam("now")
    )
)
_active_owners = select(users.c.id).where(users.c.role == "owner", *_active).order_by(users.c.id)
ACTIVE_OWNERS = Prepared(_active_owners)
LOCK_ACTIVE_OWNERS = Prepared(_active_owners.with_for_update())
OWNERSHIP = 7_305_808
"""An arbitrary number: the advisory lock of whoever makes an owner."""

LOCK_OWNERSHIP = Prepared(select(func.pg_advisory_xact_lock(OWNERSHIP)))
SAVE_LAST_SEEN = Prepared(
    update(users)
    .where(users.c.id == bindparam("user"), users.c.closed_at.is_(None))
    .values(last_seen=bindparam("seen"))
)


def insert_user(
    transaction: Transaction, *, email: str, name: str, password: str, role: str, confirmed: bool
) -> str | None:
    """Insert a user and return the id; None if the address is taken."""
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
        email_confirmed_at=transaction.now if confirmed else None,
    )
    unless_taken = statement.on_conflict_do_nothing(index_elements=["email"])
    return transaction.execute(unless_taken.returning(users.c.id)).scalar()


def insert_program(transaction: Transaction, name: str, kind: str, *, closed_at: int | None) -> str:
    """Insert a user without address and password, and return the id."""
    user = new_id()
    statement = insert(users).values(
        id=user,
        name=name,
        about="",
        role="member",
        settings="{}",
        created_at=transaction.now,
        closed_at=closed_at,
        kind=kind,
    )
    transaction.execute(statement)
    return user


def has_no_users(snapshot: Snapshot) -> bool:
    """Whether no user has ever registered."""
    return snapshot.execute(select(users.c.id).limit(1)).first() is None


def has_confirmed_email(snapshot: Snapshot, user_id: str) -> bool:
    """Whether a user has used a link that was mailed to their address, or need not."""
    statement = select(users.c.email_confirmed_at).where(users.c.id == user_id)
    return snapshot.execute(statement).scalar() is not None


def confirm_email(transaction: Transaction, user_id: str) -> None:
    """Store that a user's address is theirs."""
    update_user(transaction, user_id, email_confirmed_at=transaction.now)


def lock_user(transaction: Transaction, user_id: str) -> None:
    """Lock a user's row until the commit; only others that lock it wait."""
    transaction.lock(LOCK, user=user_id)


def lock_owners(transaction: Transaction) -> set[str]:
    """Return the ids of the owners who are not kept out; others that lock them wait until the commit."""
    return {user for (user,) in transaction.all(LOCK_ACTIVE_OWNERS, now=transaction.now)}


def lock_ownership(transaction: Transaction) -> None:
    """Let others who make an owner wait until the commit, in other processes as well.

    Where no one owns the server there is no row to lock. Locked before anything is looked up, so that
    whoever waited sees the owner who came first.
    """
    transaction.lock(LOCK_OWNERSHIP)


def is_suspended(snapshot: Snapshot, user_id: str) -> bool:
    """Whether a user is kept out now."""
    return snapshot.first(SUSPENDED, user=user_id, now=snapshot.now) is not None


def has_active_owner(snapshot: Snapshot) -> bool:
    """Whether the server has an owner whose account is neither closed nor suspended."""
    return snapshot.first(ACTIVE_OWNERS, now=snapshot.now) is not None


def find_user(snapshot: Snapshot, user_id: str) -> User | None:
    """Return a user as others see them, also after the account was closed, or None."""
    return users_by_id(snapshot, [user_id]).get(user_id)


def users_by_id(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, User]:
    """Return those of these users who exist, by id, as others see them."""
    rows = snapshot.all(USERS_BY_ID, ids=as_list(ids))
    return {row[0]: _user(row, snapshot.now) for row in rows}


def filter_open_accounts(snapshot: Snapshot, ids: Iterable[str]) -> set[str]:
    """Return the ids of those of these users who have an open account."""
    return {user for (user,) in snapshot.all(OPEN_AMONG, ids=as_list(ids))}


def names_by_id(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those of these users who exist, by id."""
    return dict(snapshot.all(NAMES, ids=as_list(ids)))


def find_own_user(snapshot: Snapshot, user_id: str) -> OwnUser | None:
    """Return a user as they see themselves; None if there is no such open account."""
    statement = select(*OWN_COLUMNS).where(users.c.id == user_id, users.c.closed_at.is_(None))
    row = snapshot.execute(statement).first()
    return None if row is None else _own_user(tuple(row), snapshot.now)


def find_active_user(snapshot: Snapshot, user_id: str) -> OwnUser | None:
    """Return a user who may act: the account is neither closed nor suspended; else None."""
    statement = select(*OWN_COLUMNS).where(users.c.id == user_id, *_active)
    row = snapshot.execute(statement, {"now": snapshot.now}).first()
    return None if row is None else _own_user(tuple(row), snapshot.now)


def get_own_user(snapshot: Snapshot, user_id: str) -> OwnUser:
    """Return a user as they see themselves.

    Raises:
        NotFound: There is no such open account.
    """
    found = find_own_user(snapshot, user_id)
    if found is None:
        raise NotFound("Account not found.")
    return found


def get_bot_user(snapshot: Snapshot, user_id: str) -> OwnUser:
    """Return a bot as it sees itself: with no address.

    Raises:
        NotFound: There is no such bot.
    """
    statement = select(*OWN_COLUMNS).where(users.c.id == user_id, users.c.kind == "bot")
    row = snapshot.execute(statement).first()
    if row is None:
        raise NotFound("Account not found.")
    found = _own_user(tuple(row), snapshot.now)
    return msgspec.structs.replace(found, email="")


def find_settings(snapshot: Snapshot, user_id: str) -> str | None:
    """Return a user's settings as JSON, or None. Runs for every message that is read."""
    row = snapshot.first(SETTINGS, user=user_id)
    return None if row is None else str(row[0])


def find_settings_of(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the settings of these users as JSON, by id."""
    return dict(snapshot.all(SETTINGS_BY_ID, ids=as_list(ids)))


def last_seen_of(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, int]:
    """Return when these users were last seen, by id, where that is known."""
    return dict(snapshot.all(LAST_SEEN, ids=as_list(ids)))


class SaveLastSeen(Command[None]):
    """Store when these users were last seen."""

    seen: Mapping[str, int]

    def run(self, transaction: Transaction) -> None:
        """Store them."""
        for user, moment in sorted(self.seen.items()):
            transaction.run(SAVE_LAST_SEEN, user=user, seen=moment)


def list_users(snapshot: Snapshot) -> list[OwnUser]:
    """Return all open accounts, the oldest first."""
    statement = select(*OWN_COLUMNS).where(users.c.closed_at.is_(None))
    return [
        _own_user(tuple(row), snapshot.now)
        for row in snapshot.execute(statement.order_by(users.c.created_at))
    ]


def find_user_id_by_email(snapshot: Snapshot, email: str) -> str | None:
    """Return the id of the user with this address, or None."""
    statement = select(users.c.id).where(users.c.email == email)
    return snapshot.execute(statement).scalar()


def emails_with_accounts(snapshot: Snapshot, emails: Collection[str]) -> set[str]:
    """Return those of some addresses, in normal form, that have an account."""
    statement = select(users.c.email).where(users.c.email.in_(emails))
    return set(snapshot.execute(statement).scalars())


def set_second_factor(transaction: Transaction, user_id: str, since: int | None) -> None:
    """Store since when an account needs a second factor; None if it has none."""
    statement = update(users).where(users.c.id == user_id)
    transaction.execute(statement.values(second_factor_at=since))


def needs_second_factor(snapshot: Snapshot, user_id: str) -> bool:
    """Whether an account has a second factor."""
    statement = select(users.c.second_factor_at).where(users.c.id == user_id)
    return snapshot.execute(statement).scalar() is not None


def update_user(transaction: Transaction, user_id: str, **changed: str | int | None) -> None:
    """Update columns of a user."""
    transaction.execute(update(users).where(users.c.id == user_id).values(**changed))


def _user(row: Row, now: int) -> User:
    user, name, about, avatar, emoji, text, until, kind = row
    if emoji is None and text is None:
        return User(user, name, about, avatar, None, kind)
    return User(user, name, about, avatar, _status(emoji, text, until, now=now), kind)


def _status(emoji: str | None, text: str | None, until: int | None, *, now: int) -> Status | None:
    """Return a status, or None if it has ended; ended ones stay in the table."""
    is_over = until is not None and until <= now
    if is_over or (emoji is None and text is None):
        return None
    return Status(emoji, text, until)


def _own_user(row: Row, now: int) -> OwnUser:
    user, name, about, avatar, emoji, text, until, kind, email, role, created_at, settings = row
    status = _status(emoji, text, until, now=now)
    values = json.loads(settings)
    return OwnUser(user, name, about, avatar, status, kind, email, role, created_at, values)
