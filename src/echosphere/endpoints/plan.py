"""Decides what an endpoint is to be sent next, or how long it waits.

Events are tried one at a time and in their order. One that fails holds up those behind it for its first
attempts, about three minutes; then they overtake it, and it is tried again by its own schedule. An endpoint
that asked for a pause is sent only what a person asks for: a test, or an event again.
"""

import msgspec

from echosphere.accounts import find_bot, find_bot_caller
from echosphere.bots import (
    EventData,
    EventShape,
    HeardEvent,
    Position,
    ResponseTokens,
    StoredEvent,
    event_shape,
    events_after,
    find_event,
    hear_event,
    log_name,
    unsettled_after,
)
from echosphere.core.ids import new_id
from echosphere.database import Snapshot
from echosphere.endpoints import store
from echosphere.endpoints.endpoint import TEST, Delivery, Endpoint, State
from echosphere.endpoints.schedule import HOLDS, MAX_WAITING
from echosphere.wire import encode

PAGE = 50
"""Events that are looked through at a time."""

SETTLE = 100
"""Milliseconds between looks while transactions are running that began before what happened."""


class SentEvent(msgspec.Struct, frozen=True):
    """An event as it is sent.

    Attributes:
        seq: The message that it is about, if it is about one.
        respond: The hash of the token with which a command or a press is answered.
    """

    body: bytes
    seq: int | None = None
    respond: str | None = None


class Attempt(msgspec.Struct, frozen=True):
    """An event to send now.

    Attributes:
        owner: Whose the bot is: they share the capacity fairly.
        delivery: As it was before this attempt.
        is_new: Whether it was not tried before, and is not stored yet.
        event: What is sent; None if the bot does not see it any more.
    """

    endpoint: Endpoint
    owner: str
    delivery: Delivery
    is_new: bool
    event: SentEvent | None


class Skip(msgspec.Struct, frozen=True):
    """There is nothing to send up to a place in the log."""

    position: Position


class BeginAgain(msgspec.Struct, frozen=True):
    """The log is another one than before: the server was restored, or moved."""


class Wait(msgspec.Struct, frozen=True):
    """There is nothing to do until a time in milliseconds; None until something happens.

    Attributes:
        held: Whether new events wait as well.
    """

    until: int | None
    held: bool = False


Step = Attempt | Skip | BeginAgain | Wait


def next_step(snapshot: Snapshot, endpoint: str, turn: int, tokens: ResponseTokens) -> Step | None:
    """Return what a job does next; None if another one has its place."""
    found = _current(snapshot, endpoint, turn)
    return None if found is None else plan(snapshot, found, tokens)


def is_current(snapshot: Snapshot, attempt: Attempt) -> bool:
    """Whether an endpoint is still there, at the same address, and not disabled since an attempt began."""
    return _current(snapshot, attempt.endpoint.id, attempt.endpoint.turn) is not None


def _current(snapshot: Snapshot, endpoint: str, turn: int) -> Endpoint | None:
    found = store.find_endpoint(snapshot, endpoint)
    if found is None or found.turn != turn or found.disabled_at is not None:
        return None
    return found


def plan(snapshot: Snapshot, endpoint: Endpoint, tokens: ResponseTokens) -> Step:
    """Return what an endpoint is to be sent next, or how long it waits."""
    bot, log = find_bot(snapshot, endpoint.bot), log_name(snapshot)
    if bot is None or find_bot_caller(snapshot, endpoint.bot, "") is None:
        return Wait(None)  # it is disabled, or its owner is kept out: it may see nothing
    if log != endpoint.log:
        return BeginAgain()
    due = store.next_due(snapshot, endpoint.id)
    if due is not None:  # in a pause that is only what a person has asked for
        return Attempt(endpoint, bot.owner, due, False, _event_of(snapshot, log, due, tokens))
    if endpoint.paused_until is not None and snapshot.now < endpoint.paused_until:
        return Wait(endpoint.paused_until)
    waiting = store.waiting(snapshot, endpoint.id)
    if waiting.number and (waiting.fewest_attempts < HOLDS or waiting.number >= MAX_WAITING):
        return Wait(waiting.first, held=True)
    return _first_wanted(snapshot, endpoint, bot.owner, tokens) or Wait(waiting.first)


def _first_wanted(
    snapshot: Snapshot, endpoint: Endpoint, owner: str, tokens: ResponseTokens
) -> Step | None:
    events = events_after(snapshot, endpoint.bot, endpoint.position, PAGE)
    for event in events:
        heard = hear_event(snapshot, endpoint.log, event) if _wants(endpoint, event) else None
        if heard is not None:
            delivery = _delivery(snapshot, endpoint, heard.id, event)
            return Attempt(endpoint, owner, delivery, True, _sent(heard, tokens))
    if events:
        return Skip(Position(events[-1].txid, events[-1].number))
    if unsettled_after(snapshot, endpoint.bot, endpoint.position):
        return Wait(snapshot.now + SETTLE)
    return None


def _wants(endpoint: Endpoint, event: StoredEvent) -> bool:
    return endpoint.wants(event.type, event.conversation)


def _delivery(snapshot: Snapshot, endpoint: Endpoint, made: str, event: StoredEvent) -> Delivery:
    return Delivery(
        id=new_id(),
        endpoint=endpoint.id,
        event=made,
        position=Position(event.txid, event.number),
        type=event.type,
        conversation=event.conversation,
        created_at=snapshot.now,
        state=State.WAITING.value,
        attempts=0,
    )


def _event_of(
    snapshot: Snapshot, log: str, delivery: Delivery, tokens: ResponseTokens
) -> SentEvent | None:
    """Return the event of a delivery as it is now; None if the bot does not see it any more."""
    if delivery.position is None:
        shape = EventShape(delivery.event, TEST, delivery.created_at, "", EventData())
        return SentEvent(encode(shape))
    event = find_event(snapshot, delivery.position.number)
    heard = None if event is None else hear_event(snapshot, log, event)
    return _sent(heard, tokens) if heard is not None and heard.id == delivery.event else None


def _sent(heard: HeardEvent, tokens: ResponseTokens) -> SentEvent:
    respond = None if heard.asked is None else tokens.hash_of(heard.asked.id)
    return SentEvent(encode(event_shape(heard, tokens)), heard.event.seq, respond)
