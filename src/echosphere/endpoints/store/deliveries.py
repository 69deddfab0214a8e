"""Queries of what was sent to endpoints."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, null, or_, select, tuple_, update

from echosphere.bots import Position
from echosphere.core.clock import DAY
from echosphere.database import Command, Prepared, Row, Snapshot, Transaction, insert
from echosphere.endpoints.endpoint import Delivery, State
from echosphere.endpoints.store.tables import deliveries, endpoints

KEPT = 30 * DAY
"""Milliseconds for which deliveries are kept: as long as events."""

DELETE_BATCH = 1_000

_here = deliveries.c.endpoint_id == bindparam("endpoint")
_waits = _here & deliveries.c.next_at.is_not(None)
_select = select(*deliveries.c)

FIND = Prepared(_select.where(_here, deliveries.c.id == bindparam("delivery")))
NEXT_DUE = Prepared(
    _select.where(_here, deliveries.c.next_at <= bindparam("now"))
    .order_by(deliveries.c.txid, deliveries.c.number, deliveries.c.created_at)
    .limit(1)
)
WAITING = Prepared(
    select(
        func.count(),
        func.min(deliveries.c.attempts),
        func.min(deliveries.c.next_at),
        func.max(deliveries.c.tried_at),
    ).where(_waits)
)
INSERT = Prepared(
    insert(deliveries)
    .values({column.name: bindparam(column.name) for column in deliveries.c})
    .on_conflict_do_nothing()
)
RETRY_ALL = Prepared(update(deliveries).where(_waits).values(next_at=bindparam("new_next_at")))
HOLD_BACK = Prepared(
    update(deliveries)
    .where(_waits, deliveries.c.next_at < bindparam("until"), deliveries.c.tried_at.is_not(None))
    .values(next_at=bindparam("until"))
)
GIVE_UP_ALL = Prepared(
    update(deliveries)
    .where(_waits)
    .values(next_at=null(), state=State.FAILED.value, error=bindparam("new_error"))
)
_old = (
    select(deliveries.c.id)
    .where(
        or_(
            deliveries.c.created_at < bindparam("before"),
            deliveries.c.endpoint_id.not_in(select(endpoints.c.id)),
        )
    )
    .limit(DELETE_BATCH)
)
DELETE_OLD = Prepared(delete(deliveries).where(deliveries.c.id.in_(_old)))


class Waiting(NamedTuple):
    """Deliveries of an endpoint that wait to be tried again; times in milliseconds.

    Attributes:
        fewest_attempts: Of one of them.
        first: When the first of them is due; None if there is none.
        last_tried: When one of them was tried last; None if none was.
    """

    number: int
    fewest_attempts: int
    first: int | None
    last_tried: int | None


def insert_delivery(transaction: Transaction, delivery: Delivery) -> None:
    """Store a delivery, unless the event was noted already."""
    transaction.run(INSERT, **_values(delivery))


def update_delivery(transaction: Transaction, delivery: str, **changed: Any) -> None:
    """Update columns of a delivery."""
    this = deliveries.c.id == delivery
    transaction.execute(update(deliveries).where(this).values(**changed))


def save_delivery(transaction: Transaction, delivery: Delivery) -> None:
    """Store how a delivery went."""
    values = _values(delivery)
    update_delivery(transaction, values.pop("id"), **values)


def find_delivery(snapshot: Snapshot, endpoint: str, delivery: str) -> Delivery | None:
    """Return a delivery of an endpoint, or None."""
    row = snapshot.first(FIND, endpoint=endpoint, delivery=delivery)
    return None if row is None else _delivery(row)


def next_due(snapshot: Snapshot, endpoint: str) -> Delivery | None:
    """Return the delivery to try now: of those that are due that of the first event, or None."""
    row = snapshot.first(NEXT_DUE, endpoint=endpoint, now=snapshot.now)
    return None if row is None else _delivery(row)


def waiting(snapshot: Snapshot, endpoint: str) -> Waiting:
    """Return what waits to be tried again."""
    count, attempts, first, tried = snapshot.all(WAITING, endpoint=endpoint)[0]
    return Waiting(int(count), int(attempts or 0), first, tried)


def retry_all(transaction: Transaction, endpoint: str, at: int) -> None:
    """Have all deliveries that wait be tried at a time."""
    transaction.run(RETRY_ALL, endpoint=endpoint, new_next_at=at)


def hold_back(transaction: Transaction, endpoint: str, until: int) -> None:
    """Have no delivery that was tried be tried again before a time."""
    transaction.run(HOLD_BACK, endpoint=endpoint, until=until)


def give_up_all(transaction: Transaction, endpoint: str, why: str) -> None:
    """Have no delivery wait any more."""
    transaction.run(GIVE_UP_ALL, endpoint=endpoint, new_error=why)


def page_of_deliveries(
    snapshot: Snapshot, endpoint: str, before: Delivery | None, limit: int
) -> list[Delivery]:
    """Return deliveries of an endpoint, the newest first."""
    found = _select.where(deliveries.c.endpoint_id == endpoint)
    if before is not None:
        place = tuple_(deliveries.c.created_at, deliveries.c.id)
        found = found.where(place < (before.created_at, before.id))
    newest_first = found.order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc())
    return [_delivery(row) for row in map(tuple, snapshot.execute(newest_first.limit(limit)))]


class DeleteOldDeliveries(Command[bool]):
    """Delete a batch of old deliveries, and of endpoints that are gone; whether there may be more."""

    def run(self, transaction: Transaction) -> bool:
        """Delete them."""
        return transaction.run(DELETE_OLD, before=transaction.now - KEPT) >= DELETE_BATCH


def _values(delivery: Delivery) -> dict[str, Any]:
    values = delivery._asdict()
    position: Position = values.pop("position") or Position(0, 0)
    return values | {
        "endpoint_id": values.pop("endpoint"),
        "event_id": values.pop("event"),
        "conversation_id": values.pop("conversation"),
        "txid": position.txid,
        "number": position.number,
    }


def _delivery(row: Row) -> Delivery:
    values = dict(zip(deliveries.c.keys(), row, strict=True))
    place = Position(values.pop("txid"), values.pop("number"))
    return Delivery(
        endpoint=values.pop("endpoint_id"),
        event=values.pop("event_id"),
        conversation=values.pop("conversation_id"),
        position=place if place.number else None,
        **values,
    )
