"""Queries for bots: users of the kind `bot`, each with an owner."""

from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update

from echosphere.accounts.store.tables import bots, users
from echosphere.core.caller import Caller
from echosphere.database import Prepared, Row, Snapshot, Transaction, as_list, in_list

_owners = users.alias("owners")
_COLUMNS = (
    bots.c.id,
    users.c.name,
    users.c.about,
    bots.c.owner_id,
    bots.c.created_at,
    bots.c.disabled_at,
    bots.c.hear_bots,
)
_with_user = select(*_COLUMNS).join(users, users.c.id == bots.c.id)
_this = bots.c.id == bindparam("bot")

FIND = Prepared(_with_user.where(_this))
AMONG = Prepared(_with_user.where(in_list(bots.c.id, "ids")))
OF_OWNER = Prepared(
    _with_user.where(bots.c.owner_id == bindparam("user")).order_by(
        bots.c.created_at.desc(), bots.c.id
    )
)
INSERT = Prepared(
    insert(bots).values(
        id=bindparam("id"), owner_id=bindparam("owner_id"), created_at=bindparam("created_at")
    )
)
DELETE = Prepared(delete(bots).where(_this))
DISABLE_OF = Prepared(
    update(bots)
    .where(bots.c.owner_id == bindparam("user"), bots.c.disabled_at.is_(None))
    .values(disabled_at=bindparam("now"))
)
_may_act = and_(
    bots.c.disabled_at.is_(None),
    _owners.c.closed_at.is_(None),
    or_(
        _owners.c.suspended_until.is_(None),
        _owners.c.suspended_until <= bindparam("now"),
    ),
)
CALLER = Prepared(
    select(_owners.c.role, _owners.c.second_factor_at, _owners.c.email_confirmed_at)
    .select_from(bots)
    .join(_owners, _owners.c.id == bots.c.owner_id)
    .where(_this, _may_act)
)
ACTIVE_AMONG = Prepared(
    _with_user.join(_owners, _owners.c.id == bots.c.owner_id).where(
        in_list(bots.c.id, "ids"), _may_act
    )
)


class Bot(NamedTuple):
    """A bot as stored.

    Attributes:
        id: Also the id of its user.
        owner: The id of the person whose it is.
        disabled_at: Milliseconds; None while it can act.
        hear_bots: Whether it receives what other programs write.
    """

    id: str
    name: str
    about: str
    owner: str
    created_at: int
    disabled_at: int | None
    hear_bots: bool


def insert_bot(transaction: Transaction, bot: str, owner: str) -> None:
    """Store that a user is a bot, and whose."""
    transaction.run(INSERT, id=bot, owner_id=owner, created_at=transaction.now)


def find_bot(snapshot: Snapshot, bot: str) -> Bot | None:
    """Return a bot, or None."""
    row = snapshot.first(FIND, bot=bot)
    return None if row is None else _bot(row)


def bots_of(snapshot: Snapshot, owner: str) -> list[Bot]:
    """Return the bots of a person, the newest first."""
    return [_bot(row) for row in snapshot.all(OF_OWNER, user=owner)]


def bots_by_id(snapshot: Snapshot, ids: list[str]) -> dict[str, Bot]:
    """Return those of these users who are bots, by id."""
    return {row[0]: _bot(row) for row in snapshot.all(AMONG, ids=as_list(ids))}


def active_bots_by_id(snapshot: Snapshot, ids: list[str]) -> dict[str, Bot]:
    """Return those of these users who are bots that may act now, by id; see `find_bot_caller`."""
    rows = snapshot.all(ACTIVE_AMONG, ids=as_list(ids), now=snapshot.now)
    return {row[0]: _bot(row) for row in rows}


def update_bot(transaction: Transaction, bot: str, **changed: int | bool | None) -> None:
    """Update columns of a bot."""
    transaction.execute(update(bots).where(bots.c.id == bot).values(**changed))


def delete_bot(transaction: Transaction, bot: str) -> None:
    """Delete a bot; its user stays, as the author of what it wrote."""
    transaction.run(DELETE, bot=bot)


def disable_bots_of(transaction: Transaction, owner: str) -> None:
    """Disable all bots of a person."""
    transaction.run(DISABLE_OF, user=owner, now=transaction.now)


def find_bot_caller(snapshot: Snapshot, bot: str, credential: str) -> Caller | None:
    """Return a bot as the caller by one of its keys; None if it may not act now.

    It may not while it is disabled, or its owner is kept out or gone. It is asked for nothing that
    its owner is not asked for, and may nothing that a member may not.
    """
    row = snapshot.first(CALLER, bot=bot, now=snapshot.now)
    if row is None:
        return None
    role, factor_at, confirmed_at = row
    own = "guest" if role == "guest" else "member"
    has_factor, has_confirmed = factor_at is not None, confirmed_at is not None
    return Caller(bot, credential, own, has_factor, has_confirmed, is_bot=True)


def _bot(row: Row) -> Bot:
    bot, name, about, owner, created_at, disabled_at, hear_bots = row
    return Bot(bot, name, about, owner, created_at, disabled_at, bool(hear_bots))
