"""Reads the events of a bot, with what the messages say now."""

import msgspec

from echosphere.api_keys import active_credentials
from echosphere.bots import store
from echosphere.bots.event import (
    MAX_EVENTS,
    Cursor,
    Position,
    StoredEvent,
    require_kept,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound, Unauthorized
from echosphere.database import Snapshot
from echosphere.messages import MessageShape, get_message, message_shape

MESSAGES = ("message.posted", "message.edited")
"""Events with what the message says when they are read."""


class HeardEvent(msgspec.Struct, frozen=True):
    """An event, and its message as the bot sees it now."""

    event: StoredEvent
    message: MessageShape | None


class EventsPage(msgspec.Struct, frozen=True):
    """Events in their order, and how far that is."""

    events: list[HeardEvent]
    cursor: Cursor


def read_events(
    snapshot: Snapshot, caller: Caller, after: Cursor | None, types: frozenset[str]
) -> EventsPage | None:
    """Return the events of a bot after a cursor; None while the log has no name.

    Without a cursor there are none yet: the one that is returned is that of this moment. A message
    that the bot does not see any more, or that was deleted, is left out.

    Raises:
        Unauthorized: The bot may not act with this key any more.
        Gone: Events after the cursor may be missing.
    """
    if not active_credentials(snapshot, [caller.session_id]):
        raise Unauthorized("Sign in first.")
    log = store.log_name(snapshot)
    if log is None:
        return None
    if after is None:
        position = store.current_position(snapshot)
        return EventsPage([], Cursor(log, position.txid, position.number, snapshot.now))
    require_kept(after, log, store.last_number(snapshot), snapshot.now)
    found = store.events_after(snapshot, caller.user_id, after.position, MAX_EVENTS)
    last = Position(found[-1].txid, found[-1].number) if found else after.position
    wanted = [one for one in found if not types or one.type in types]
    heard = [_with_message(snapshot, one) for one in wanted]
    cursor = Cursor(log, last.txid, last.number, snapshot.now)
    return EventsPage([one for one in heard if one is not None], cursor)


def _with_message(snapshot: Snapshot, event: StoredEvent) -> HeardEvent | None:
    if event.type not in MESSAGES or event.seq is None:
        return HeardEvent(event, None)
    try:
        found = get_message(snapshot, event.bot, event.conversation, event.seq)
    except NotFound:
        return None
    if found.message.deleted:
        return None
    return HeardEvent(event, message_shape(found.message, found.attachments))
