"""Records security events, lists them, and has them told."""

from collections.abc import Iterable

import msgspec

from echosphere.accounts import AccountClosed, SecurityEvent, names_by_id
from echosphere.core.caller import Caller
from echosphere.core.clock import DAY
from echosphere.database import Command, Row, Snapshot, Transaction
from echosphere.security_notices import store
from echosphere.security_notices.wire import SecurityNotice

MAX_LISTED = 50
KEPT = 365 * DAY
"""Milliseconds for which events are kept."""

SAME_DEVICE = 30 * DAY
"""For this long a device without a cookie, such as a program, is not new again."""

MAIL = "security_notices.mail"


class SecurityEventRecorded(msgspec.Struct, frozen=True):
    """An event was recorded: its owner's connected devices show it."""

    user_id: str
    notice: SecurityNotice


def record_event(transaction: Transaction, event: SecurityEvent, *, mails: bool) -> None:
    """Record an event in the transaction of what happened, and leave the job that mails it."""
    since = transaction.now - SAME_DEVICE
    if event.kind == "new_device" and store.has_event_since(transaction, event, since):
        return
    made = store.insert_event(transaction, event)
    columns = (event.kind, event.device, event.address, event.actor_id, transaction.now)
    notice = _notices(transaction, [(made, *columns)])[0]
    transaction.announce(SecurityEventRecorded(event.user_id, notice))
    if mails:
        transaction.enqueue(MAIL, _mail(event, notice.by, transaction.now))


def _mail(event: SecurityEvent, by: str | None, now: int) -> dict[str, str | int | None]:
    """Return the payload of the job."""
    return {
        "user": event.user_id,
        "kind": event.kind,
        "device": event.device,
        "address": event.address,
        "by": by,
        "email": event.email,
        "at": now,
    }


def list_notices(snapshot: Snapshot, caller: Caller) -> list[SecurityNotice]:
    """Return what happened to the caller's account, the newest first."""
    return _notices(snapshot, store.events_of(snapshot, caller.user_id, MAX_LISTED))


def delete_with_account(transaction: Transaction, event: AccountClosed) -> None:
    """Delete the events of a user who closed their account: they name devices and addresses."""
    store.delete_events_of(transaction, event.user_id)


class DeleteOldEvents(Command[None]):
    """Delete events that were kept long enough."""

    def run(self, transaction: Transaction) -> None:
        """Delete them."""
        store.delete_events_before(transaction, transaction.now - KEPT)


def _notices(snapshot: Snapshot, rows: Iterable[Row]) -> list[SecurityNotice]:
    events = list(rows)
    actors = {actor for *_, actor, _ in events if actor is not None}
    names = names_by_id(snapshot, actors) if actors else {}
    return [
        SecurityNotice(made, kind, device, address, names.get(actor), at)
        for made, kind, device, address, actor, at in events
    ]
