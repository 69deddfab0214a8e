"""People: as others see them, as they see themselves, and what they set."""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, select, update

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.accounts.store.tables import users
from echosphere.accounts.wire import OwnUser, Status, User
from echosphere.core.errors import NotFound
from echosphere.core.ids import new_id
from echosphere.database import Prepared, Row, Snapshot, Transaction, among, listed

USER_COLUMNS = (
    users.c.id,
    users.c.name,
    users.c.about,
    users.c.avatar,
    users.c.status_emoji,
    users.c.status_text,
    users.c.status_until,
)
OWN_COLUMNS = (*USER_COLUMNS, users.c.email, users.c.role, users.c.created_at, users.c.settings)

_these = among(users.c.id, "ids")
THESE_USERS = Prepared(select(*USER_COLUMNS).where(_these))
NAMES = Prepared(select(users.c.id, users.c.name).where(_these))
THEIR_SETTINGS = Prepared(select(users.c.id, users.c.settings).where(_these))
OPEN_AMONG = Prepared(select(users.c.id).where(_these, users.c.closed_at.is_(None)))
LAST_SEEN = Prepared(
    select(users.c.id, users.c.last_seen).where(_these, users.c.last_seen.is_not(None))
)
SETTINGS = Prepared(select(users.c.settings).where(users.c.id == bindparam("user")))
HOLD = Prepared(
    select(users.c.id).where(users.c.id == bindparam("user")).with_for_update(key_share=True)
)
NOTE_LAST_SEEN = Prepared(
    update(users)
    .where(users.c.id == bindparam("user"), users.c.closed_at.is_(None))
    .values(last_seen=bindparam("seen"))
)


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


def hold_person(transaction: Transaction, user: str) -> None:
    """Have others wait who hold the same person, until the commit; nobody else waits."""
    transaction.lock(HOLD, user=user)


def find_user(snapshot: Snapshot, user: str) -> User | None:
    """Return a person as others see them, also after they closed their account."""
    return users_by_id(snapshot, [user]).get(user)


def users_by_id(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, User]:
    """Return those of these people who exist, by id, as others see them.

    Args:
        snapshot: The state to read.
        ids: Any number of ids of people.
    """
    rows = snapshot.all(THESE_USERS, ids=listed(ids))
    return {row[0]: _user(row, snapshot.now) for row in rows}


def open_accounts_among(snapshot: Snapshot, ids: Iterable[str]) -> set[str]:
    """Return those of these people who have not closed their account."""
    return {user for (user,) in snapshot.all(OPEN_AMONG, ids=listed(ids))}


def names_by_id(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those of these people who exist, by id."""
    return dict(snapshot.all(NAMES, ids=listed(ids)))


def find_own_user(snapshot: Snapshot, user: str) -> OwnUser | None:
    """Return a person as they see themselves; None when the account is closed."""
    statement = select(*OWN_COLUMNS).where(users.c.id == user, users.c.closed_at.is_(None))
    row = snapshot.execute(statement).first()
    return None if row is None else _own_user(tuple(row), snapshot.now)


def get_own_user(snapshot: Snapshot, user: str) -> OwnUser:
    """Return a person as they see themselves.

    Raises:
        NotFound: There is no such open account.
    """
    found = find_own_user(snapshot, user)
    if found is None:
        raise NotFound("There is no such account.")
    return found


def find_settings(snapshot: Snapshot, user: str) -> str | None:
    """Return a person's settings as JSON; it is asked for with every message that is read."""
    row = snapshot.first(SETTINGS, user=user)
    return None if row is None else str(row[0])


def find_settings_of(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the settings of these people as JSON, by id."""
    return dict(snapshot.all(THEIR_SETTINGS, ids=listed(ids)))


def last_seen_of(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, int]:
    """Return when each of these people was last here, where that was ever told."""
    return dict(snapshot.all(LAST_SEEN, ids=listed(ids)))


def note_last_seen(transaction: Transaction, seen: Mapping[str, int]) -> None:
    """Write down when each of these people was last here."""
    for user, moment in sorted(seen.items()):
        transaction.run(NOTE_LAST_SEEN, user=user, seen=moment)


def list_users(snapshot: Snapshot) -> list[OwnUser]:
    """Return all open accounts, the oldest first."""
    statement = select(*OWN_COLUMNS).where(users.c.closed_at.is_(None))
    return [
        _own_user(tuple(row), snapshot.now)
        for row in snapshot.execute(statement.order_by(users.c.created_at))
    ]


def find_id_by_email(snapshot: Snapshot, email: str) -> str | None:
    """Return whose address this is."""
    statement = select(users.c.id).where(users.c.email == email)
    return snapshot.execute(statement).scalar()


def update_user(transaction: Transaction, user: str, **changed: str | int | None) -> None:
    """Change columns of a person."""
    transaction.execute(update(users).where(users.c.id == user).values(**changed))


def _user(row: Row, now: int) -> User:
    user, name, about, avatar, emoji, text, until = row
    if emoji is None and text is None:
        return User(user, name, about, avatar, None)
    return User(user, name, about, avatar, _status(emoji, text, until, now=now))


def _status(emoji: str | None, text: str | None, until: int | None, *, now: int) -> Status | None:
    """Return what somebody is up to; what has ended is not shown, and need not be removed."""
    is_over = until is not None and until <= now
    if is_over or (emoji is None and text is None):
        return None
    return Status(emoji, text, until)


def _own_user(row: Row, now: int) -> OwnUser:
    user, name, about, avatar, emoji, text, until, email, role, created_at, settings = row
    status = _status(emoji, text, until, now=now)
    kept = json.loads(settings)
    return OwnUser(user, name, about, avatar, status, email, role, created_at, kept)
