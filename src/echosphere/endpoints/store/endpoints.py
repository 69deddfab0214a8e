"""Queries of endpoints."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, false, func, null, or_, select, tuple_, update

from echosphere.bots import Position, bot_events
from echosphere.database import Prepared, Row, Snapshot, Transaction, as_list, in_list, insert
from echosphere.endpoints.endpoint import GIVEN_UP, Endpoint
from echosphere.endpoints.store.tables import deliveries, endpoints

_COLUMNS = tuple(endpoints.c)
_this = endpoints.c.id == bindparam("endpoint")
_active = endpoints.c.disabled_at.is_(None)
_resting = _active & endpoints.c.due_at.is_(None)
_not_paused = or_(endpoints.c.paused_until.is_(None), endpoints.c.paused_until <= bindparam("now"))

FIND = Prepared(select(*_COLUMNS).where(_this))
OF_BOT = Prepared(
    select(*_COLUMNS)
    .where(endpoints.c.bot_id == bindparam("bot"))
    .order_by(endpoints.c.created_at.desc(), endpoints.c.id)
)
LOCK = Prepared(select(endpoints.c.id).where(_this).with_for_update())
LOCK_OF_BOTS = Prepared(
    select(endpoints.c.id)
    .where(in_list(endpoints.c.bot_id, "bots"))
    .order_by(endpoints.c.id)
    .with_for_update()
)
OF_BOTS = Prepared(
    select(*_COLUMNS).where(in_list(endpoints.c.bot_id, "bots")).order_by(endpoints.c.id)
)
ACTIVE_OF = Prepared(
    select(endpoints.c.id)
    .where(in_list(endpoints.c.bot_id, "bots"), _active)
    .order_by(endpoints.c.id)
)
SCHEDULE = Prepared(
    update(endpoints)
    .where(_this, _active)
    .values(due_at=bindparam("new_due_at"), held=bindparam("new_held"), turn=endpoints.c.turn + 1)
    .returning(endpoints.c.turn)
)
REST = Prepared(update(endpoints).where(_this).values(due_at=null(), held=bindparam("new_held")))
ADVANCE = Prepared(
    update(endpoints)
    .where(_this)
    .values(txid=bindparam("new_txid"), number=bindparam("new_number"))
)
_behind = (
    select(bot_events.c.id)
    .where(
        bot_events.c.bot_id == endpoints.c.bot_id,
        tuple_(bot_events.c.txid, bot_events.c.id) > tuple_(endpoints.c.txid, endpoints.c.number),
    )
    .exists()
)
_is_due = (
    select(deliveries.c.id)
    .where(deliveries.c.endpoint_id == endpoints.c.id, deliveries.c.next_at <= bindparam("now"))
    .exists()
)
FORGOTTEN = Prepared(
    select(endpoints.c.id)
    .where(
        or_(
            _resting & _is_due,
            _resting & (endpoints.c.held == false()) & _not_paused & _behind,
            _active & (endpoints.c.due_at < bindparam("overdue")),
        )
    )
    .order_by(endpoints.c.id)
)
_fails = _active & endpoints.c.failing_since.is_not(None)
FAILING = Prepared(select(endpoints.c.bot_id, endpoints.c.failing_since).where(_fails))
_given_up = or_(*(endpoints.c.disabled_why == why.value for why in GIVEN_UP))
COUNT_GIVEN_UP = Prepared(select(func.count()).select_from(endpoints).where(_given_up))
IN_TROUBLE = Prepared(
    select(*_COLUMNS)
    .where(
        or_(
            _given_up & (endpoints.c.disabled_at > bindparam("disabled_after")),
            _active & (endpoints.c.failing_since < bindparam("failing_before")),
        )
    )
    .order_by(endpoints.c.id)
)


def insert_endpoint(transaction: Transaction, endpoint: Endpoint) -> None:
    """Store a new endpoint."""
    transaction.execute(insert(endpoints).values(**_values(endpoint)))


def find_endpoint(snapshot: Snapshot, endpoint: str) -> Endpoint | None:
    """Return an endpoint, or None."""
    row = snapshot.first(FIND, endpoint=endpoint)
    return None if row is None else _endpoint(row)


def lock_endpoint(transaction: Transaction, endpoint: str) -> Endpoint | None:
    """Return an endpoint that nobody else changes until the commit, or None."""
    transaction.lock(LOCK, endpoint=endpoint)
    return find_endpoint(transaction, endpoint)


def endpoints_of(snapshot: Snapshot, bot: str) -> list[Endpoint]:
    """Return the endpoints of a bot, the newest first."""
    return [_endpoint(row) for row in snapshot.all(OF_BOT, bot=bot)]


def lock_endpoints_of(transaction: Transaction, bots: Iterable[str]) -> list[Endpoint]:
    """Return the endpoints of bots, sorted by their ids, which nobody else changes until the commit.

    Whoever locks several endpoints does it in this order, so that nobody waits for each other.
    """
    wanted = as_list(bots)
    transaction.lock(LOCK_OF_BOTS, bots=wanted)
    return [_endpoint(row) for row in transaction.all(OF_BOTS, bots=wanted)]


def update_endpoint(transaction: Transaction, endpoint: str, **changed: Any) -> None:
    """Update columns of an endpoint."""
    transaction.execute(update(endpoints).where(endpoints.c.id == endpoint).values(**changed))


def delete_endpoint(transaction: Transaction, endpoint: str) -> None:
    """Delete an endpoint; what was sent to it is deleted by the sweep."""
    transaction.execute(delete(endpoints).where(endpoints.c.id == endpoint))


def schedule(transaction: Transaction, endpoint: str, due_at: int, *, held: bool) -> int | None:
    """Store when the next job is due; return its number, or None if the endpoint is disabled or gone."""
    values = {"new_due_at": due_at, "new_held": held}
    rows = transaction.returning(SCHEDULE, endpoint=endpoint, **values)
    return int(rows[0][0]) if rows else None


def rest(transaction: Transaction, endpoint: str, *, held: bool) -> None:
    """Store that there is no job, and whether new events wait."""
    transaction.run(REST, endpoint=endpoint, new_held=held)


def advance(transaction: Transaction, endpoint: str, position: Position) -> None:
    """Store that everything up to a place in the log was sent or tried."""
    numbers = {"new_txid": position.txid, "new_number": position.number}
    transaction.run(ADVANCE, endpoint=endpoint, **numbers)


def active_endpoints_of(snapshot: Snapshot, bots: Iterable[str]) -> list[str]:
    """Return the endpoints of bots that are not disabled, sorted."""
    return [row[0] for row in snapshot.all(ACTIVE_OF, bots=as_list(bots))]


def forgotten_endpoints(snapshot: Snapshot, overdue: int) -> list[str]:
    """Return the endpoints that have something to do and no job.

    Args:
        snapshot: The state to read.
        overdue: Milliseconds: a job that was due before this has died.
    """
    rows = snapshot.all(FORGOTTEN, now=snapshot.now, overdue=overdue)
    return [row[0] for row in rows]


def failing_endpoints(snapshot: Snapshot) -> list[tuple[str, int]]:
    """Return the bots of endpoints that fail at the moment, and since when, in milliseconds."""
    return [(row[0], int(row[1])) for row in snapshot.all(FAILING)]


def count_given_up(snapshot: Snapshot) -> int:
    """Return how many endpoints are disabled because of what went wrong, not by their owners."""
    return int(snapshot.all(COUNT_GIVEN_UP)[0][0])


def endpoints_in_trouble(
    snapshot: Snapshot, disabled_after: int, failing_before: int
) -> list[Endpoint]:
    """Return the endpoints that went wrong since a time, or have failed since before another one."""
    values = {"disabled_after": disabled_after, "failing_before": failing_before}
    return [_endpoint(row) for row in snapshot.all(IN_TROUBLE, **values)]


def endpoints_to_keep(snapshot: Snapshot, *, every: bool) -> list[str]:
    """Return the endpoints whose secret before does not sign any more, or every endpoint."""
    found = select(endpoints.c.id).order_by(endpoints.c.id)
    if not every:
        found = found.where(endpoints.c.previous_until <= snapshot.now)
    return list(snapshot.execute(found).scalars())


def shift_endpoints(transaction: Transaction, by: int) -> None:
    """Have endpoints and deliveries wait as long as before a leap of the clock."""
    times = ("created_at", "previous_until", "failing_since", "paused_until", "due_at")
    transaction.execute(update(endpoints).values({one: endpoints.c[one] + by for one in times}))
    own = ("created_at", "tried_at", "next_at")
    transaction.execute(update(deliveries).values({one: deliveries.c[one] + by for one in own}))


def _values(endpoint: Endpoint) -> dict[str, Any]:
    values = endpoint._asdict()
    position: Position = values.pop("position")
    return values | {
        "bot_id": values.pop("bot"),
        "types": " ".join(sorted(endpoint.types)),
        "conversations": " ".join(endpoint.conversations),
        "txid": position.txid,
        "number": position.number,
    }


def _endpoint(row: Row) -> Endpoint:
    values = dict(zip(endpoints.c.keys(), row, strict=True))
    position = Position(values.pop("txid"), values.pop("number"))
    values |= {
        "types": frozenset(values["types"].split()),
        "conversations": tuple(values["conversations"].split()),
        "held": bool(values["held"]),
    }
    return Endpoint(bot=values.pop("bot_id"), position=position, **values)
