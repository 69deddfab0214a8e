"""What was sent to an endpoint, and sending it again; each only for the bot's owner."""

from typing import NamedTuple

from echosphere.bots import (
    event_id,
    find_event,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Gone, NotFound
from echosphere.core.ids import new_id
from echosphere.database import Command, CreateOnce, Snapshot, Transaction
from echosphere.endpoints import store
from echosphere.endpoints.endpoint import (
    IS_DISABLED,
    NOT_KEPT,
    TEST,
    UNKNOWN_DELIVERY,
    Delivery,
    Endpoint,
    State,
)
from echosphere.endpoints.manage import get_own_endpoint, lock_own_endpoint
from echosphere.endpoints.note import wake

PAGE = 20


class SendTest(CreateOnce, own_transaction=True):
    """Send an event that is about nothing, once; return the id of its delivery.

    Raises:
        NotFound: The caller has no such bot, or it has no such endpoint.
        Conflict: The endpoint is disabled.
    """

    caller: Caller
    bot: str
    endpoint: str

    def create(self, transaction: Transaction) -> str:
        """Have it sent."""
        endpoint = lock_own_endpoint(transaction, self.caller, self.bot, self.endpoint)
        _require_enabled(endpoint)
        made, now = new_id(), transaction.now
        store.insert_delivery(
            transaction,
            Delivery(
                id=made,
                endpoint=endpoint.id,
                event=new_id(),
                position=None,
                type=TEST,
                conversation=None,
                created_at=now,
                state=State.WAITING.value,
                attempts=0,
                next_at=now,
            ),
        )
        wake(transaction, endpoint)
        return made


class Redeliver(Command[None], own_transaction=True):
    """Send an event again, with the same id.

    Raises:
        NotFound: The caller has no such bot, endpoint or delivery.
        Conflict: The endpoint is disabled.
        Gone: The event is not kept any more.
    """

    caller: Caller
    bot: str
    endpoint: str
    delivery: str

    def run(self, transaction: Transaction) -> None:
        """Have it sent."""
        endpoint = lock_own_endpoint(transaction, self.caller, self.bot, self.endpoint)
        _require_enabled(endpoint)
        delivery = get_delivery(transaction, endpoint.id, self.delivery)
        if not _is_kept(transaction, endpoint, delivery):
            raise Gone(NOT_KEPT)
        due = {"state": State.WAITING.value, "next_at": transaction.now}
        store.update_delivery(transaction, delivery.id, **due)
        wake(transaction, endpoint)


class DeliveriesPage(NamedTuple):
    """Deliveries, the newest first, and whether there are more."""

    deliveries: list[Delivery]
    more: bool


def get_delivery(snapshot: Snapshot, endpoint: str, delivery: str) -> Delivery:
    """Return a delivery of an endpoint.

    Raises:
        NotFound: There is none.
    """
    found = store.find_delivery(snapshot, endpoint, delivery)
    if found is None:
        raise NotFound(UNKNOWN_DELIVERY)
    return found


def get_own_delivery(
    snapshot: Snapshot, owner: str, bot: str, endpoint: str, delivery: str
) -> Delivery:
    """Return a delivery to an endpoint of a bot of a person.

    Raises:
        NotFound: They have no such bot, endpoint or delivery.
    """
    get_own_endpoint(snapshot, owner, bot, endpoint)
    return get_delivery(snapshot, endpoint, delivery)


def list_deliveries(
    snapshot: Snapshot, owner: str, bot: str, endpoint: str, before: str | None
) -> DeliveriesPage:
    """Return what was sent to an endpoint, before a delivery of it, the newest first.

    Raises:
        NotFound: The caller has no such bot, endpoint or delivery.
    """
    get_own_endpoint(snapshot, owner, bot, endpoint)
    place = None if before is None else get_delivery(snapshot, endpoint, before)
    found = store.page_of_deliveries(snapshot, endpoint, place, PAGE + 1)
    return DeliveriesPage(found[:PAGE], len(found) > PAGE)


def _require_enabled(endpoint: Endpoint) -> None:
    if endpoint.disabled_at is not None:
        raise Conflict(IS_DISABLED)


def _is_kept(snapshot: Snapshot, endpoint: Endpoint, delivery: Delivery) -> bool:
    if delivery.position is None:
        return True
    event = find_event(snapshot, delivery.position.number)
    return event is not None and event_id(endpoint.log, event) == delivery.event
